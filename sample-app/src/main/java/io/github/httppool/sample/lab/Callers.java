package io.github.httppool.sample.lab;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ClientHttpResponse;

/**
 * The callers of one side: threads that make the calls of an experiment, and what became
 * of these calls.
 */
final class Callers {

	private static final long JOIN_MILLIS = 2000;

	private final Experiment experiment;

	private final ClientApplication application;

	private final String uri;

	private final Thread[] threads;

	private final Queue<ClientHttpResponse> forgotten = new ConcurrentLinkedQueue<>();

	private final AtomicInteger next = new AtomicInteger();

	private final AtomicInteger answered = new AtomicInteger();

	private final AtomicInteger failed = new AtomicInteger();

	private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

	/** When the call of each caller began, or 0. */
	private final AtomicLongArray begun;

	/** How long each call took, or 0 while it has not been answered. */
	private final AtomicLongArray nanos;

	/** The longest call that has ended since the last sample. */
	private long longest;

	private volatile long start;

	private volatile long lastEnd;

	private volatile boolean stopped;

	Callers(Experiment experiment, ClientApplication application, String uri) {
		this.experiment = experiment;
		this.application = application;
		this.uri = uri;
		this.begun = new AtomicLongArray(experiment.load().callers());
		this.nanos = new AtomicLongArray(experiment.load().calls());
		this.threads = new Thread[experiment.load().callers()];
		for (int i = 0; i < this.threads.length; i++) {
			int caller = i;
			this.threads[i] = new Thread(() -> call(caller), "lab-caller-" + (i + 1));
			this.threads[i].setDaemon(true);
		}
	}

	/**
	 * Begin to call.
	 * @param start the time at which the experiment starts
	 */
	void start(long start) {
		this.start = start;
		for (Thread thread : this.threads) {
			thread.start();
		}
	}

	private void call(int caller) {
		Load load = this.experiment.load();
		int perCaller = load.calls() / load.callers();
		boolean bursts = !load.interval().isZero();
		for (int i = 0; !this.stopped && (!bursts || i < perCaller); i++) {
			int number = this.next.getAndIncrement();
			if (number >= load.calls() || (bursts && !sleepUntil(this.start + load.due(i)))) {
				return;
			}
			call(caller, number);
		}
	}

	private void call(int caller, int number) {
		long begin = System.nanoTime();
		this.begun.set(caller, begin);
		try {
			this.experiment.exchange().run(this.application, this.uri, number, this.forgotten);
			if (!this.stopped) {
				ended(number, System.nanoTime(), begin);
			}
		}
		catch (Exception ex) {
			if (!this.stopped) {
				this.firstFailure.compareAndSet(null, String.valueOf(ex.getMessage()));
				this.failed.incrementAndGet();
				longest(System.nanoTime() - begin);
				this.lastEnd = System.nanoTime();
			}
		}
		finally {
			this.begun.set(caller, 0);
		}
	}

	private void ended(int number, long now, long begin) {
		this.nanos.set(number, now - begin);
		this.answered.incrementAndGet();
		longest(now - begin);
		this.lastEnd = now;
	}

	private synchronized void longest(long time) {
		this.longest = Math.max(this.longest, time);
	}

	private boolean sleepUntil(long time) {
		try {
			long left = time - System.nanoTime();
			if (left > 0) {
				TimeUnit.NANOSECONDS.sleep(left);
			}
			return !this.stopped;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	int answered() {
		return this.answered.get();
	}

	int failed() {
		return this.failed.get();
	}

	@Nullable String firstFailure() {
		return this.firstFailure.get();
	}

	boolean areDone() {
		return this.answered.get() + this.failed.get() == this.experiment.load().calls();
	}

	/**
	 * Return the number of calls under way.
	 */
	int underWay() {
		int calls = 0;
		for (int i = 0; i < this.begun.length(); i++) {
			if (this.begun.get(i) != 0) {
				calls++;
			}
		}
		return calls;
	}

	/**
	 * Return how long the slowest call took or has taken so far, of those that ended
	 * since the last sample and those under way.
	 * @return the time in nanoseconds, 0 without such a call
	 */
	long slowestSinceLastSample() {
		long slowest;
		synchronized (this) {
			slowest = this.longest;
			this.longest = 0;
		}
		long now = System.nanoTime();
		for (int i = 0; i < this.begun.length(); i++) {
			long begin = this.begun.get(i);
			if (begin != 0) {
				slowest = Math.max(slowest, now - begin);
			}
		}
		return slowest;
	}

	/**
	 * Return the time from the start to the end of the last call, in nanoseconds.
	 */
	long elapsed() {
		return (this.lastEnd != 0) ? this.lastEnd - this.start : 0;
	}

	/**
	 * Return how long the answered calls took, and how long those under way have taken so
	 * far: to leave these out would hide the slowest ones.
	 * @return the times in nanoseconds, sorted
	 */
	long[] times() {
		long[] times = new long[this.nanos.length() + this.begun.length()];
		int count = 0;
		long now = System.nanoTime();
		for (int i = 0; i < this.begun.length(); i++) {
			long begin = this.begun.get(i);
			if (begin != 0) {
				times[count++] = now - begin;
			}
		}
		for (int i = 0; i < this.nanos.length(); i++) {
			long time = this.nanos.get(i);
			if (time != 0) {
				times[count++] = time;
			}
		}
		times = Arrays.copyOf(times, count);
		Arrays.sort(times);
		return times;
	}

	/**
	 * Make no further calls, and count none that ends from now on.
	 */
	void stop() {
		this.stopped = true;
	}

	/**
	 * End the threads, and close the forgotten responses. The upstream must be closed
	 * before: an interrupt does not end a read.
	 */
	void end() throws InterruptedException {
		Stream.of(this.threads).forEach(Thread::interrupt);
		this.forgotten.forEach(ClientHttpResponse::close);
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(JOIN_MILLIS);
		for (Thread thread : this.threads) {
			long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
			thread.join(Math.max(1, left));
		}
	}

}
