package io.github.httppool.hc5.net;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongUnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * The housekeeping thread of a pool: fires overdue {@linkplain ScheduledTimeout timeouts}
 * and sweeps idle connections. It starts with the first connection, sleeps until the next
 * timeout or sweep is due, and survives exceptions. All times are
 * {@link System#nanoTime()}, so changes of the wall clock have no effect.
 */
public final class Housekeeper {

	/**
	 * Interval at which the clock is read while timeouts are scheduled, in order to
	 * detect pauses.
	 */
	static final long CLOCK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(250);

	private static final int MAX_INTERRUPTERS = 4;

	private static final long NEVER = Long.MAX_VALUE;

	private final String pool;

	private final BiConsumer<String, Throwable> reporter;

	private final Set<ScheduledTimeout> timeouts = ConcurrentHashMap.newKeySet();

	private final HousekeeperClock clock = new HousekeeperClock();

	private final SweepSchedule sweeps;

	/**
	 * Earliest clock time for which another thread has requested a sweep.
	 */
	private final AtomicLong sweepRequested = new AtomicLong(NEVER);

	/**
	 * Earliest clock time for which another thread has requested a timeout check.
	 */
	private final AtomicLong checkRequested = new AtomicLong(NEVER);

	/**
	 * Clock time at which the thread wakes by itself.
	 */
	private volatile long wakesAt;

	private final BackgroundTasks interrupts;

	private volatile boolean stopped;

	private volatile @Nullable Thread thread;

	/**
	 * Creates a housekeeper.
	 * @param pool the name of the pool
	 * @param sweep takes the current time and returns the nanoseconds until its next run,
	 * or {@link Long#MAX_VALUE}
	 * @param connections the number of connections that a sweep examines
	 * @param reporter reports failures; must not block
	 */
	public Housekeeper(String pool, LongUnaryOperator sweep, IntSupplier connections,
			BiConsumer<String, Throwable> reporter) {
		this.pool = pool;
		this.reporter = reporter;
		this.sweeps = new SweepSchedule(sweep, connections, this.clock, (failure) -> reporter
			.accept("Housekeeping of pool '%s' failed; it is tried again".formatted(pool), failure));
		this.interrupts = new BackgroundTasks("http-pool-" + pool + "-interrupt", MAX_INTERRUPTERS, Integer.MAX_VALUE);
	}

	/**
	 * Starts the thread unless it is running.
	 */
	public void start() {
		if (this.thread == null) {
			startThread();
		}
	}

	private synchronized void startThread() {
		if (this.thread == null && !this.stopped) {
			Thread created = new Worker(this::run, "http-pool-" + this.pool);
			// Published before it runs, otherwise an early wake-up request is lost.
			this.thread = created;
			try {
				created.start();
			}
			catch (Throwable ex) {
				this.thread = null;
				throw ex;
			}
		}
	}

	/**
	 * Stops the thread and waits for it for at most one second.
	 */
	public void stop() {
		Thread running;
		synchronized (this) {
			this.stopped = true;
			running = this.thread;
		}
		this.interrupts.shutDown();
		if (running == null || running == Thread.currentThread()) {
			return;
		}
		LockSupport.unpark(running);
		try {
			running.join(1000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Schedules a timeout.
	 */
	public void schedule(ScheduledTimeout timeout) {
		start();
		this.timeouts.add(timeout);
		long nextRead = this.clock.now() + CLOCK_INTERVAL;
		wakeAt(Math.min(this.clock.time(timeout.deadline), nextRead), this.checkRequested);
	}

	/**
	 * Cancels a timeout.
	 * @return {@code false} if it has fired
	 */
	public boolean cancel(ScheduledTimeout timeout) {
		this.timeouts.remove(timeout);
		return timeout.disarm();
	}

	/**
	 * Returns the longest time by which the thread woke late, because the process or the
	 * machine was paused.
	 */
	public long longestPause(boolean reset) {
		return this.clock.longestPause(reset);
	}

	/**
	 * Returns the pauses of the process.
	 */
	public ProcessPauses pauses() {
		return this.clock.pauses();
	}

	/**
	 * Interrupts a thread from a background thread, because an interrupt may run
	 * third-party code.
	 */
	public void interruptLater(Runnable interrupt) {
		this.interrupts.add(interrupt);
	}

	public int scheduledTimeouts() {
		return this.timeouts.size();
	}

	/**
	 * Sweeps no later than at the given time. Costs one read if an earlier sweep is
	 * already planned.
	 */
	public void wakeAt(long nanoTime) {
		wakeAt(this.clock.time(nanoTime), this.sweepRequested);
	}

	private void wakeAt(long time, AtomicLong requested) {
		long planned = requested.get();
		while (time < planned) {
			if (requested.compareAndSet(planned, time)) {
				if (time < this.wakesAt) {
					this.clock.waking();
					LockSupport.unpark(this.thread);
				}
				return;
			}
			planned = requested.get();
		}
	}

	private void run() {
		while (!this.stopped) {
			try {
				runOnce();
			}
			catch (Throwable ex) {
				// Logging failed as well, for example because memory is exhausted.
				LockSupport.parkNanos(this, SweepSchedule.MIN_INTERVAL);
			}
		}
	}

	private void runOnce() {
		// Requests made before this point are served below; later ones are
		// seen before sleeping.
		this.wakesAt = 0;
		this.checkRequested.set(NEVER);
		this.sweeps.request(this.sweepRequested.getAndSet(NEVER));
		this.clock.begin();
		long nextTimeout = fireOverdue();
		long nextSweep = this.sweeps.run(this.clock.read());
		sleepUntil(Math.min(nextTimeout, nextSweep));
	}

	private long fireOverdue() {
		long due = NEVER;
		for (ScheduledTimeout timeout : this.timeouts) {
			long now = this.clock.read();
			long left = timeout.left(this.clock.nanoTime(now), pauses());
			if (left <= 0) {
				this.timeouts.remove(timeout);
				fire(timeout);
			}
			else {
				due = Math.min(due, now + Math.min(left, CLOCK_INTERVAL));
			}
		}
		return due;
	}

	private void fire(ScheduledTimeout timeout) {
		try {
			timeout.fire();
		}
		catch (Throwable ex) {
			this.reporter.accept("A deadline of pool '%s' could not be enforced".formatted(this.pool), ex);
		}
	}

	private void sleepUntil(long due) {
		this.wakesAt = due;
		while (!this.stopped) {
			long time = Math.min(due, Math.min(this.sweepRequested.get(), this.checkRequested.get()));
			if (time == NEVER) {
				LockSupport.park(this);
			}
			else {
				long wait = time - this.clock.now();
				if (wait <= 0) {
					return;
				}
				LockSupport.parkNanos(this, wait);
			}
			this.clock.awoke(time);
			// Clear the interrupt. Otherwise, every further park
			// would return immediately.
			Thread.interrupted();
		}
	}

	/**
	 * A class of its own lets code detect that it runs on this thread and must not block.
	 */
	public static final class Worker extends Thread {

		Worker(Runnable task, String name) {
			// The thread outlives the call that starts it, so it
			// inherits no thread-locals.
			super(null, task, name, 0, false);
			setDaemon(true);
		}

	}

}
