package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Opens connections before anything can make calls, where that is asked for, and closes
 * those that are idle when the context stops. It waits for no call and refuses none:
 * beans make calls until they are destroyed, and {@link HttpPoolShutdown} closes the
 * pools after that.
 */
final class HttpPoolLifecycle implements SmartLifecycle {

	/** First to start and last to stop, web servers and message listeners included. */
	static final int PHASE = Integer.MIN_VALUE + 1024;

	private final SharedPools pools;

	private final ObjectProvider<PoolWarmUps> warmUps;

	private final ConfigurableApplicationContext context;

	private volatile boolean running;

	HttpPoolLifecycle(SharedPools pools, ObjectProvider<PoolWarmUps> warmUps, ConfigurableApplicationContext context) {
		this.pools = pools;
		this.warmUps = warmUps;
		this.context = context;
	}

	@Override
	public void start() {
		this.warmUps.ifAvailable(PoolWarmUps::run);
		this.running = true;
	}

	@Override
	public void stop() {
		// While the context closes, what beans still have to do needs them.
		if (!this.context.isClosed()) {
			this.pools.closeIdle();
		}
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * A pause is for what works in the background, which no connection does. The resumed
	 * context need not open them again.
	 */
	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
