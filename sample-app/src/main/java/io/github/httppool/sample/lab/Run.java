package io.github.httppool.sample.lab;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.httppool.Finding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of an experiment: starts both sides, samples them until all calls have ended,
 * the time is up or the visitor cancels, and gives everything back. <pre>
 * STARTING ── RUNNING ─┬─ FINISHED
 *     │          │     ├─ CANCELLED
 *     └──────────┴─────┴─ FAILED
 * </pre>
 */
final class Run {

	private static final Logger log = LoggerFactory.getLogger(Run.class);

	private static final long SAMPLE_MILLIS = 100;

	/** The quicker side may be done within a second. */
	private static final long FIRST_SAMPLES_MILLIS = 40;

	private static final int FIRST_SAMPLES = 25;

	private final long id;

	private final Experiment experiment;

	private final Map<String, String> properties;

	private final List<Sample> samples = new CopyOnWriteArrayList<>();

	private final CountDownLatch cancelled = new CountDownLatch(1);

	private final Thread thread = new Thread(this::run, "lab-run");

	private volatile State state = State.STARTING;

	private volatile @Nullable Result result;

	private final boolean first;

	Run(long id, Experiment experiment, Map<String, String> properties, boolean first) {
		this.id = id;
		this.first = first;
		this.experiment = experiment;
		this.properties = Map.copyOf(properties);
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	/**
	 * Stop the calls. The run ends soon after.
	 */
	void cancel() {
		this.cancelled.countDown();
	}

	/**
	 * Wait until this run has given everything back.
	 */
	void join() throws InterruptedException {
		this.thread.join();
	}

	boolean isOver() {
		return this.state.isOver();
	}

	Experiment experiment() {
		return this.experiment;
	}

	/**
	 * Return this run as the page shows it.
	 * @param from number of samples that the page has already
	 */
	View view(int from) {
		// First the state: what comes before the end must not be missed.
		State state = this.state;
		List<Sample> samples = List.copyOf(this.samples);
		int size = samples.size();
		return new View(this.id, this.experiment.id(), this.properties, state,
				this.experiment.load().limit().toMillis() / 1000.0,
				samples.subList(Math.min(Math.max(0, from), size), size), this.result);
	}

	private void run() {
		State end = State.FAILED;
		Side springBoot = null;
		Side httpPool = null;
		try {
			if (this.first) {
				WarmUp.run();
			}
			springBoot = Side.withSpringBootDefault(this.experiment);
			httpPool = Side.withHttpPool(this.experiment, this.properties);
			this.state = State.RUNNING;
			end = watch(springBoot, httpPool) ? State.CANCELLED : State.FINISHED;
		}
		catch (InterruptedException ex) {
			end = State.CANCELLED;
		}
		catch (RuntimeException ex) {
			log.error("The experiment '{}' failed", this.experiment.id(), ex);
		}
		finally {
			end(springBoot);
			end(httpPool);
			this.state = end;
		}
	}

	/**
	 * Sample both sides until the run ends.
	 * @return whether the run was cancelled
	 */
	private boolean watch(Side springBoot, Side httpPool) throws InterruptedException {
		long start = System.nanoTime();
		long limit = this.experiment.load().limit().toNanos();
		springBoot.start(start);
		httpPool.start(start);
		List<Finding> findings = List.of();
		boolean cancelled = false;
		boolean done = false;
		while (!cancelled && !done) {
			long pause = (this.samples.size() < FIRST_SAMPLES) ? FIRST_SAMPLES_MILLIS : SAMPLE_MILLIS;
			cancelled = this.cancelled.await(pause, TimeUnit.MILLISECONDS);
			done = (springBoot.isDone() && httpPool.isDone()) || System.nanoTime() - start >= limit;
			int[] timeWait = TimeWaitSockets.count(springBoot.port(), httpPool.port());
			this.samples.add(new Sample(Math.round((System.nanoTime() - start) / 1e7) / 100.0,
					springBoot.figures((timeWait != null) ? timeWait[0] : null),
					httpPool.figures((timeWait != null) ? timeWait[1] : null)));
			List<Finding> now = httpPool.findings();
			// Only the end of the traffic would end a finding so soon.
			findings = now.isEmpty() ? findings : now;
			this.result = new Result(springBoot.outcome(), httpPool.outcome(), findings);
		}
		return cancelled;
	}

	private static void end(@Nullable Side side) {
		if (side == null) {
			return;
		}
		try {
			side.end();
		}
		catch (InterruptedException | RuntimeException ex) {
			log.warn("A side of an experiment did not end as it should", ex);
		}
	}

	/**
	 * Where a run stands.
	 */
	enum State {

		STARTING, RUNNING, FINISHED, CANCELLED, FAILED;

		boolean isOver() {
			return this == FINISHED || this == CANCELLED || this == FAILED;
		}

	}

	/**
	 * What became of the calls.
	 *
	 * @param springBoot of the side with Spring Boot's default client
	 * @param httpPool of the side with HTTP Pool
	 * @param findings what HTTP Pool found
	 */
	record Result(Outcome springBoot, Outcome httpPool, List<Finding> findings) {
	}

	/**
	 * A run as the page shows it.
	 *
	 * @param id the number of the run
	 * @param experiment the identifier of the experiment
	 * @param properties the properties of the pool
	 * @param state where the run stands
	 * @param limitSeconds maximum time for the calls
	 * @param samples the new samples
	 * @param result what has become of the calls so far, or {@code null}
	 */
	record View(long id, String experiment, Map<String, String> properties, State state, double limitSeconds,
			List<Sample> samples, @Nullable Result result) {
	}

}
