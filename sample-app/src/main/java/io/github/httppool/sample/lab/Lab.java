package io.github.httppool.sample.lab;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Runs experiments, one at a time: two would disturb each other's numbers.
 */
@Component
class Lab implements DisposableBean {

	private @Nullable Run current;

	private long runs;

	/**
	 * Start an experiment.
	 * @param experiment the experiment
	 * @param chosen values of properties that the visitor chose
	 * @return the run
	 * @throws RunInProgressException if another run is in progress
	 */
	synchronized Run start(Experiment experiment, Map<String, String> chosen) {
		Map<String, String> properties = experiment.properties(chosen);
		Run current = this.current;
		if (current != null && !current.isOver()) {
			throw new RunInProgressException(current.experiment());
		}
		Run run = new Run(++this.runs, experiment, properties, current == null);
		this.current = run;
		run.start();
		return run;
	}

	/**
	 * Return the run in progress, or the last one.
	 * @return the run, or {@code null} before the first one
	 */
	synchronized @Nullable Run current() {
		return this.current;
	}

	@Override
	public void destroy() throws InterruptedException {
		Run run = current();
		if (run != null) {
			run.cancel();
			run.join();
		}
	}

	/**
	 * Another run is in progress.
	 */
	static final class RunInProgressException extends IllegalStateException {

		RunInProgressException(Experiment experiment) {
			super("The experiment '" + experiment.title()
					+ "' is running. Experiments run one at a time, so that they do not disturb each other's numbers. "
					+ "Wait until it ends, or cancel it.");
		}

	}

}
