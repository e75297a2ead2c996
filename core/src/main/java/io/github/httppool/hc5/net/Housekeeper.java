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
 * The one thread of a pool: fires {@linkplain ScheduledTimeout watches} that are overdue,
 * and sweeps the idle connections. Sleeps until the next of them is due, starts with the
 * first connection, and never dies of an exception. All times are
 * {@link System#nanoTime()}, so that a jump of the wall clock means nothing.
 */
public final class Housekeeper {

	/** Shortest time between two sweeps. */
	static final long SWEEP_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

	/** What is late by as much is still in time. */
	static final long LONGEST_SWEEP_PAUSE = TimeUnit.SECONDS.toNanos(1);

	/** Time between two sweeps for each that is looked at, so that many cost little. */
	private static final long PAUSE_FOR_EACH = TimeUnit.MICROSECONDS.toNanos(50);

	/** Time between two looks at the clock while there are watches: notices pauses. */
	static final long BEAT = TimeUnit.MILLISECONDS.toNanos(250);

	private static final int MOST_INTERRUPTERS = 4;

	private static final long NEVER = Long.MAX_VALUE;

	private final String pool;

	private final LongUnaryOperator sweep;

	private final IntSupplier swept;

	private final BiConsumer<String, Throwable> reporter;

	private final Set<ScheduledTimeout> watches = ConcurrentHashMap.newKeySet();

	private final HousekeeperClock clock = new HousekeeperClock();

	/** Earliest time of the clock at which another thread wants a sweep. */
	private final AtomicLong sweepRequested = new AtomicLong(NEVER);

	/** Earliest time of the clock at which another thread has a watch looked at. */
	private final AtomicLong lookRequested = new AtomicLong(NEVER);

	/** Time of the clock at which the thread wakes by itself. */
	private volatile long wakes;

	/** When to sweep; known to the thread alone, as is the last time. */
	private long nextSweep;

	private long lastSweep = -SWEEP_PAUSE;

	private final BackgroundTasks interrupts;

	private volatile boolean stopped;

	private volatile @Nullable Thread thread;

	/**
	 * Create a housekeeper.
	 * @param pool the name of the pool
	 * @param sweep is given the time, and returns in how many nanoseconds it wants to be
	 * called again, or {@link Long#MAX_VALUE}
	 * @param swept how many a sweep has to look at
	 * @param reporter takes failures, and must not block
	 */
	public Housekeeper(String pool, LongUnaryOperator sweep, IntSupplier swept,
			BiConsumer<String, Throwable> reporter) {
		this.pool = pool;
		this.sweep = sweep;
		this.swept = swept;
		this.reporter = reporter;
		this.interrupts = new BackgroundTasks("http-pool-" + pool + "-interrupt", MOST_INTERRUPTERS, Integer.MAX_VALUE);
	}

	/**
	 * Start the thread unless it runs.
	 */
	public void start() {
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
	 * Fire a watch at its deadline.
	 */
	public void watch(ScheduledTimeout watch) {
		start();
		this.watches.add(watch);
		long beat = this.clock.now() + BEAT;
		wakeAt(Math.min(this.clock.time(watch.deadline), beat), this.lookRequested);
	}

	/**
	 * End a watch.
	 * @return {@code false} if it has fired
	 */
	public boolean unwatch(ScheduledTimeout watch) {
		this.watches.remove(watch);
		return watch.disarm();
	}

	/**
	 * Return the longest time by which the thread woke too late: the process, or the
	 * machine, stood still.
	 */
	public long longestPause(boolean take) {
		return this.clock.longestPause(take);
	}

	/**
	 * Return when the process stood still.
	 */
	public ProcessPauses pauses() {
		return this.clock.pauses();
	}

	/**
	 * Interrupt a thread, but not from this one: an interrupt may call foreign code.
	 */
	public void interruptLater(Runnable interrupt) {
		this.interrupts.add(interrupt);
	}

	public int watches() {
		return this.watches.size();
	}

	/**
	 * Sweep no later than at the given time. Costs one read when that is planned already.
	 */
	public void wakeAt(long nanoTime) {
		wakeAt(this.clock.time(nanoTime), this.sweepRequested);
	}

	private void wakeAt(long time, AtomicLong requested) {
		long planned = requested.get();
		while (time < planned) {
			if (requested.compareAndSet(planned, time)) {
				if (time < this.wakes) {
					this.clock.wakes();
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
		this.lookRequested.set(NEVER);
		long asked = this.sweepRequested.getAndSet(NEVER);
		this.nextSweep = Math.min(this.nextSweep, asked);
		this.clock.begin();
		long due = fireWatches();
		long now = this.clock.look();
		if (this.nextSweep <= now) {
			this.nextSweep = sweep(now);
		}
		sleepUntil(Math.min(due, this.nextSweep));
	}

	private long sweep(long now) {
		long pause = sweepPause();
		if (now - this.lastSweep < pause) {
			return this.lastSweep + pause;
		}
		this.lastSweep = now;
		try {
			long wait = this.sweep.applyAsLong(this.clock.nanoTime(now));
			return (wait != NEVER) ? now + Math.max(wait, sweepPause()) : NEVER;
		}
		catch (Throwable ex) {
			this.reporter.accept("Housekeeping of pool '%s' failed; it is tried again".formatted(this.pool), ex);
			return now + TimeUnit.SECONDS.toNanos(1);
		}
	}

	private long sweepPause() {
		return Math.min(Math.max(SWEEP_PAUSE, this.swept.getAsInt() * PAUSE_FOR_EACH), LONGEST_SWEEP_PAUSE);
	}

	private long fireWatches() {
		long due = NEVER;
		for (ScheduledTimeout watch : this.watches) {
			long now = this.clock.look();
			long left = watch.left(this.clock.nanoTime(now), pauses());
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

	private void fire(ScheduledTimeout watch) {
		try {
			watch.fire();
		}
		catch (Throwable ex) {
			this.reporter.accept("A deadline of pool '%s' could not be enforced".formatted(this.pool), ex);
		}
	}

	private void sleepUntil(long due) {
		this.wakes = due;
		while (!this.stopped) {
			long time = Math.min(due, Math.min(this.sweepRequested.get(), this.lookRequested.get()));
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
			// Clears an interrupt that would make every further park return at once.
			Thread.interrupted();
		}
	}

	/**
	 * Known by its class to those who must not hold it up.
	 */
	public static final class Worker extends Thread {

		Worker(Runnable task, String name) {
			// It outlives the call that starts it, and inherits nothing of that.
			super(null, task, name, 0, false);
			setDaemon(true);
		}

	}

}
