package io.github.httppool.sample.lab;

import java.util.List;
import java.util.Map;

import io.github.httppool.Finding;
import io.github.httppool.HttpPool;
import org.jspecify.annotations.Nullable;

/**
 * One side of an experiment: an application with its client, the callers that use it, and
 * the upstream that they call.
 */
final class Side {

	private final Experiment experiment;

	private final LabUpstream upstream;

	private final ClientApplication application;

	private final Callers callers;

	private Side(Experiment experiment, ClientApplication application) {
		this.experiment = experiment;
		this.application = application;
		this.upstream = new LabUpstream(experiment.answers());
		this.callers = new Callers(experiment, application, this.upstream.uri());
	}

	static Side withSpringBootDefault(Experiment experiment) {
		return new Side(experiment, ClientApplication.withSpringBootDefault());
	}

	static Side withHttpPool(Experiment experiment, Map<String, String> properties) {
		return new Side(experiment, ClientApplication.withHttpPool(properties));
	}

	int port() {
		return this.upstream.port();
	}

	void start(long start) {
		this.callers.start(start);
	}

	boolean isDone() {
		return this.callers.areDone();
	}

	/**
	 * Return the numbers of this moment.
	 * @param timeWait sockets in {@code TIME_WAIT}, or {@code null} if that is not known
	 */
	Figures figures(@Nullable Integer timeWait) {
		int waiting = Math.max(0, this.callers.underWay() - this.upstream.serving());
		return new Figures(this.callers.answered(), this.callers.failed(), this.upstream.accepted(),
				this.upstream.open(), waiting, Outcome.rounded(this.callers.slowestSinceLastSample() / 1e6), timeWait);
	}

	Outcome outcome() {
		return Outcome.of(this.experiment.load().calls(), this.callers);
	}

	/**
	 * Return what the pool found.
	 * @return the findings, empty without a pool
	 */
	List<Finding> findings() {
		HttpPool pool = this.application.pool();
		return (pool != null) ? pool.findings() : List.of();
	}

	/**
	 * Stop the calls and give everything back: connections, threads, the application.
	 */
	void end() throws InterruptedException {
		this.callers.stop();
		this.upstream.close();
		try {
			this.callers.end();
		}
		finally {
			this.application.close();
		}
	}

}
