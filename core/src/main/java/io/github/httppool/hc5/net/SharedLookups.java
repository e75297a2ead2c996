package io.github.httppool.hc5.net;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * The lookups of a pool. The JDK's resolver has no time limit and cannot be interrupted,
 * so separate threads call it. Concurrent callers of a host share one lookup. A lookup
 * continues after its callers have given up. The next caller joins it, or gets its late
 * answer. This bounds the number of threads while DNS does not answer.
 * <p>
 * A thread starts with a lookup and ends when none is queued. No thread performs I/O
 * while it holds the lock.
 */
public final class SharedLookups {

	/**
	 * Maximum number of threads. Lookups take milliseconds, so even a burst of hosts
	 * hardly waits for a thread. While DNS hangs, this limit bounds the cost of a pool.
	 */
	static final int MAX_THREADS = 16;

	private static final long MAX_STEP = TimeUnit.MILLISECONDS.toNanos(250);

	private static final int MAX_LATE_ANSWERS = 100;

	private final String threadName;

	/**
	 * Lookups that callers can join, and lookups with a late answer.
	 */
	private final Map<Lookup.Key, Lookup> lookups = new HashMap<>();

	/**
	 * In start order.
	 */
	private final Set<Lookup> running = new LinkedHashSet<>();

	private final Set<Lookup> queue = new LinkedHashSet<>();

	/**
	 * Oldest first.
	 */
	private final Deque<Lookup> late = new ArrayDeque<>();

	public SharedLookups(String pool) {
		this.threadName = "http-pool-" + pool + "-dns";
	}

	/**
	 * Returns whether the current thread runs a lookup. A resolver that itself makes
	 * calls through the pool must not wait for a second thread.
	 */
	static boolean isLookupThread() {
		return Thread.currentThread() instanceof Worker;
	}

	/**
	 * Looks up a host, or waits for the lookup in progress.
	 * @param nanos how long to wait
	 * @throws TimeoutException if there is no answer in time; the message gives the
	 * reason
	 */
	Lookup.Answer answer(Lookup.Key key, long nanos) throws InterruptedException, TimeoutException {
		Lookup lookup = join(key);
		boolean answered = false;
		try {
			Lookup.Answer answer = await(lookup, nanos);
			answered = true;
			return answer;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A lookup ends with an answer", ex);
		}
		finally {
			leave(lookup, answered);
		}
	}

	/**
	 * Waits in steps. If a step takes far longer than planned, the process was paused,
	 * and the lookup thread with it. Only half of such a step counts.
	 */
	private Lookup.Answer await(Lookup lookup, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException {
		long left = nanos;
		while (true) {
			long step = Math.min(left, MAX_STEP);
			long began = System.nanoTime();
			try {
				return lookup.get(step, TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				left -= counted(step, System.nanoTime() - began);
				if (left <= 0) {
					throw new TimeoutException(reason(lookup));
				}
			}
		}
	}

	/**
	 * Returns the part of a step that counts towards the time limit.
	 * @param step the planned duration
	 * @param took the actual duration
	 */
	static long counted(long step, long took) {
		return (took - step < ProcessPauses.GRACE) ? took : Math.max(1, step / 2);
	}

	private Lookup join(Lookup.Key key) {
		Lookup before;
		Lookup lookup;
		boolean starts;
		synchronized (this) {
			long now = System.nanoTime();
			before = this.lookups.get(key);
			if (before != null && !before.mayBeReplaced(now)) {
				before.waiting++;
				return before;
			}
			lookup = new Lookup(key, before, this::ended);
			lookup.waiting++;
			this.lookups.put(key, lookup);
			starts = this.running.size() < MAX_THREADS;
			if (starts) {
				begin(lookup, now);
			}
			else {
				this.queue.add(lookup);
			}
		}
		if (before != null) {
			cancelIfUseless(before);
		}
		if (starts) {
			startThread(lookup);
		}
		return lookup;
	}

	private void begin(Lookup lookup, long now) {
		lookup.begun = now;
		this.running.add(lookup);
	}

	private void startThread(Lookup lookup) {
		try {
			new Worker(() -> run(lookup), this.threadName).start();
		}
		catch (Throwable ex) {
			lookup.fail(ex);
			synchronized (this) {
				this.running.remove(lookup);
			}
		}
	}

	private void run(Lookup first) {
		for (Lookup lookup = first; lookup != null; lookup = next(lookup)) {
			// Clear an interrupt that was meant for the previous lookup.
			Thread.interrupted();
			lookup.run();
		}
	}

	private synchronized @Nullable Lookup next(Lookup ended) {
		this.running.remove(ended);
		if (this.queue.isEmpty()) {
			return null;
		}
		Lookup next = this.queue.iterator().next();
		this.queue.remove(next);
		begin(next, System.nanoTime());
		return next;
	}

	private synchronized void ended(Lookup lookup) {
		long now = System.nanoTime();
		for (Lookup oldest = this.late.peek(); oldest != null && oldest.mayBeReplaced(now); oldest = this.late.peek()) {
			this.late.remove();
			this.lookups.remove(oldest.key, oldest);
		}
		boolean current = this.lookups.get(lookup.key) == lookup;
		if (current && this.late.size() < MAX_LATE_ANSWERS && lookup.keepLateAnswer(now)) {
			this.late.add(lookup);
		}
		else {
			this.lookups.remove(lookup.key, lookup);
		}
	}

	private void leave(Lookup lookup, boolean answered) {
		synchronized (this) {
			lookup.waiting--;
			lookup.givenUp |= !answered;
			if (lookup.waiting == 0 && this.queue.remove(lookup)) {
				this.lookups.remove(lookup.key, lookup);
			}
		}
		cancelIfUseless(lookup);
	}

	/**
	 * Interrupts a lookup that was replaced and has no callers left. The JDK's resolver
	 * ignores interrupts; other resolvers may not.
	 */
	private void cancelIfUseless(Lookup lookup) {
		boolean useless;
		synchronized (this) {
			useless = lookup.waiting == 0 && this.lookups.get(lookup.key) != lookup;
		}
		if (useless) {
			lookup.cancel(true);
		}
	}

	/**
	 * Interrupts all lookups.
	 */
	public void shutDown() {
		Set<Lookup> ended;
		synchronized (this) {
			ended = new HashSet<>(this.running);
			ended.addAll(this.queue);
			this.queue.clear();
		}
		ended.forEach((lookup) -> lookup.cancel(true));
	}

	private synchronized String reason(Lookup lookup) {
		long now = System.nanoTime();
		boolean begun = this.running.contains(lookup);
		String own = begun ? "Its lookup has been running for " + lookup.age(now) : "Its lookup did not begin";
		int others = this.running.size() - (begun ? 1 : 0);
		if (others == 0) {
			return own;
		}
		Lookup oldest = this.running.iterator().next();
		return "%s; %s other lookup%s running, the oldest of them ('%s') for %s; a pool runs at most %s at a time"
			.formatted(own, others, (others == 1) ? " is" : "s are", oldest.key.host(), oldest.age(now), MAX_THREADS);
	}

	/**
	 * A thread that inherits no thread-locals from the caller that happens to start it.
	 */
	public static final class Worker extends Thread {

		Worker(Runnable task, String name) {
			super(null, task, name, 0, false);
			setDaemon(true);
		}

	}

}
