package io.github.httppool.autoconfigure;

import java.time.Duration;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Opens connections before anything can make calls, where that is asked for, and stops
 * the pools after everything that may still make calls: lets what is leased finish within
 * the timeout of a shutdown phase. They are shut down when their bean is destroyed.
 */
final class HttpPoolLifecycle implements SmartLifecycle {

	/** First to start and last to stop, web servers and message listeners included. */
	static final int PHASE = Integer.MIN_VALUE + 1024;

	private static final Logger log = LoggerFactory.getLogger(HttpPoolLifecycle.class);

	private final SharedPools pools;

	private final ObjectProvider<PoolWarmUps> warmUps;

	private final Duration timeout;

	private volatile boolean running;

	HttpPoolLifecycle(SharedPools pools, ObjectProvider<PoolWarmUps> warmUps, Duration timeout) {
		this.pools = pools;
		this.warmUps = warmUps;
		this.timeout = timeout;
	}

	@Override
	public void start() {
		this.pools.start();
		this.warmUps.ifAvailable(PoolWarmUps::run);
		this.running = true;
	}

	@Override
	public void stop() {
		if (!this.pools.stop(this.timeout)) {
			log.warn("HTTP calls are still under way after {}; their connections are closed "
					+ "(spring.lifecycle.timeout-per-shutdown-phase)", this.timeout);
		}
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
