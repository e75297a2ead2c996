package io.github.httppool.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Opens the connections of a configured warm-up before any bean makes calls, and closes
 * idle connections when the context stops. It neither waits for calls nor rejects them:
 * beans make calls until they are destroyed, and {@link HttpPoolShutdown} then closes the
 * pools.
 */
final class HttpPoolLifecycle implements SmartLifecycle {

	/** Starts before and stops after web servers and message listeners. */
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
		// While the context closes, beans still need the connections for
		// their remaining work.
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
	 * A pause stops background work, but idle connections do no work. If they stay open,
	 * the resumed context does not have to open them again.
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
