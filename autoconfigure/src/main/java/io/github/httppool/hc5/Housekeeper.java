package io.github.httppool.hc5;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.LongUnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a pool: fires {@linkplain Watch watches} that are overdue, and sweeps
 * the idle connections. Sleeps until the next of them is due, starts with the first
 * connection, and never dies of an exception. All times are {@link System#nanoTime()}, so
 * that a jump of the wall clock means nothing.
 */
final class Housekeeper {

	private static final Logger log = LoggerFactory.getLogger(Housekeeper.class);

	/** Shortest time between two sweeps. */
	static final long SWEEP_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

	/** What is late by as much is still in time. */
	static final long LONGEST_SWEEP_PAUSE = TimeUnit.SECONDS.toNanos(1);

	/** Time between two sweeps for each that is looked at, so that many cost little. */
	private static final long PAUSE_FOR_EACH = TimeUnit.MICROSECONDS.toNanos(50);

	/** Time between two looks at the clock while there are watches: notices pauses. */
	static final long BEAT = TimeUnit.MILLISECONDS.toNanos(250);

	private static final long NEVER = Long.MAX_VALUE;

	private final String pool;

	private final LongUnaryOperator sweep;

	private final IntSupplier swept;

	private final LogWriter writer;

	private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

	/** Origin of all times in the queue: nanoTime may be negative, these are not. */
	private final long origin = System.nanoTime();

	/** Earliest time, since origin, that somebody asked to be woken at. */
	private final AtomicLong requested = new AtomicLong(NEVER);

	/** Time, since origin, at which the thread wakes by itself. */
	private volatile long wakes;

	/** When to sweep, since origin; known to the thread alone, as is the last time. */
	private long nextSweep;

	private long lastSweep = -SWEEP_PAUSE;

	/** Since origin: when another thread last woke the thread, or {@link #NEVER}. */
	private volatile long wokenAt = NEVER;

	/** Since origin: when the thread last looked at the clock. Known to it alone. */
	private long lookedAt;

	/** Longest time by which the thread woke too late. */
	private final Peak pause = new Peak();

	private final ProcessPauses pauses = new ProcessPauses();

	private volatile boolean stopped;

	private volatile @Nullable Thread thread;

	/**
	 * Create a housekeeper.
	 * @param pool the name of the pool
	 * @param sweep is given the time, and returns in how many nanoseconds it wants to be
	 * called again, or {@link Long#MAX_VALUE}
	 * @param swept how many a sweep has to look at
	 * @param writer writes to the log for the thread, which must not wait for it
	 */
	Housekeeper(String pool, LongUnaryOperator sweep, IntSupplier swept, LogWriter writer) {
		this.pool = pool;
		this.sweep = sweep;
		this.swept = swept;
		this.writer = writer;
	}

	/**
	 * Start the thread unless it runs.
	 */
	void start() {
		if (this.thread == null) {
			startThread();
		}
	}

	private synchronized void startThread() {
		if (this.thread == null && !this.stopped) {
			Thread created = new Worker(this::run, "http-pool-" + this.pool);
			// Known before it runs, or a first request to wake it is lost.
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
	 * End the thread and wait for it, for a second at most.
	 */
	void stop() {
		Thread running;
		synchronized (this) {
			this.stopped = true;
			running = this.thread;
		}
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
	 * Fire a watch at its deadline.
	 */
	void watch(Watch watch) {
		start();
		this.watches.add(watch);
		long beat = System.nanoTime() + BEAT;
		wakeAt((watch.deadline - beat < 0) ? watch.deadline : beat);
	}

	/**
	 * End a watch.
	 * @return {@code false} if it has fired
	 */
	boolean unwatch(Watch watch) {
		this.watches.remove(watch);
		return watch.disarm();
	}

	/**
	 * Return the longest time by which the thread woke too late: the process, or the
	 * machine, stood still.
	 */
	long longestPause(boolean take) {
		return this.pause.read(0, take);
	}

	/**
	 * Return when the process stood still.
	 */
	ProcessPauses pauses() {
		return this.pauses;
	}

	int watches() {
		return this.watches.size();
	}

	/**
	 * Run no later than at the given time. Costs one read when that is planned already.
	 */
	void wakeAt(long nanoTime) {
		long time = Math.max(0, nanoTime - this.origin);
		long planned = this.requested.get();
		while (time < planned) {
			if (this.requested.compareAndSet(planned, time)) {
				if (time < this.wakes) {
					this.wokenAt = now();
					LockSupport.unpark(this.thread);
				}
				return;
			}
			planned = this.requested.get();
		}
	}

	private long now() {
		return System.nanoTime() - this.origin;
	}

	private void run() {
		while (!this.stopped) {
			try {
				turn();
			}
			catch (Throwable ex) {
				// Not even a log entry was possible, as when there is no memory.
				LockSupport.parkNanos(this, SWEEP_PAUSE);
			}
		}
	}

	private void turn() {
		// Asked for before this point: served below. After it: seen before sleeping.
		this.wakes = 0;
		this.wokenAt = NEVER;
		long asked = this.requested.getAndSet(NEVER);
		this.nextSweep = Math.min(this.nextSweep, asked);
		this.lookedAt = now();
		long due = fireWatches();
		long now = look();
		if (this.nextSweep <= now) {
			this.nextSweep = sweep(now);
		}
		sleepUntil(Math.min(due, this.nextSweep));
	}

	/**
	 * Look at the clock, after a moment in which this thread had next to nothing to do.
	 */
	private long look() {
		long now = now();
		stoodStill(this.lookedAt, now);
		this.lookedAt = now;
		return now;
	}

	private void stoodStill(long from, long to) {
		if (to - from >= ProcessPauses.SHORTEST) {
			this.pauses.add(this.origin + from, this.origin + to);
		}
	}

	private long sweep(long now) {
		long pause = sweepPause();
		if (now - this.lastSweep < pause) {
			return this.lastSweep + pause;
		}
		this.lastSweep = now;
		try {
			long wait = this.sweep.applyAsLong(this.origin + now);
			return (wait != NEVER) ? now + Math.max(wait, sweepPause()) : NEVER;
		}
		catch (Throwable ex) {
			this.writer.warn(log, "Housekeeping of pool '%s' failed; it is tried again".formatted(this.pool), ex);
			return now + TimeUnit.SECONDS.toNanos(1);
		}
	}

	private long sweepPause() {
		return Math.min(Math.max(SWEEP_PAUSE, this.swept.getAsInt() * PAUSE_FOR_EACH), LONGEST_SWEEP_PAUSE);
	}

	private long fireWatches() {
		long due = NEVER;
		for (Watch watch : this.watches) {
			long now = look();
			long left = watch.left(this.origin + now, this.pauses);
			if (left <= 0) {
				this.watches.remove(watch);
				fire(watch);
			}
			else {
				due = Math.min(due, now + Math.min(left, BEAT));
			}
		}
		return due;
	}

	private void fire(Watch watch) {
		try {
			watch.fire();
		}
		catch (Throwable ex) {
			this.writer.warn(log, "A deadline of pool '%s' could not be enforced".formatted(this.pool), ex);
		}
	}

	private void sleepUntil(long due) {
		this.wakes = due;
		while (!this.stopped) {
			long time = Math.min(due, this.requested.get());
			if (time == NEVER) {
				LockSupport.park(this);
			}
			else {
				long wait = time - now();
				if (wait <= 0) {
					return;
				}
				LockSupport.parkNanos(this, wait);
			}
			awoke(time);
			// Clears an interrupt that would make every further park return at once.
			Thread.interrupted();
		}
	}

	private void awoke(long planned) {
		long now = now();
		long woken = this.wokenAt;
		this.wokenAt = NEVER;
		this.pause.raise(now - planned);
		stoodStill(Math.min(planned, woken), now);
	}

	/**
	 * Known by its class to those who must not hold it up.
	 */
	static final class Worker extends Thread {

		Worker(Runnable task, String name) {
			// It outlives the call that starts it, and inherits nothing of that.
			super(null, task, name, 0, false);
			setDaemon(true);
		}

	}

}
