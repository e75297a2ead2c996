package io.github.httppool.hc5.observe;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.httppool.Finding;
import io.github.httppool.findings.Diagnosis;
import org.jspecify.annotations.Nullable;

/**
 * The current findings of a pool, cached so that frequent reads cost little.
 */
public final class CurrentFindings {

	private static final long VALID_FOR = TimeUnit.SECONDS.toNanos(1);

	/**
	 * With this few samples an evaluation is cheap, and the last one may be outdated.
	 */
	private static final int FEW_SAMPLES = 3;

	private final Samples samples;

	private volatile @Nullable Evaluation last;

	private volatile @Nullable Evaluation lastEvaluation;

	public CurrentFindings(Samples samples) {
		this.samples = samples;
	}

	/**
	 * Store the findings of the housekeeper.
	 * @param findings the findings, or {@code null} if the evaluation failed
	 */
	public void update(@Nullable List<Finding> findings) {
		this.lastEvaluation = (findings != null) ? new Evaluation(findings, System.nanoTime()) : null;
	}

	/**
	 * Discard the findings, because changed limits or settings may have resolved them.
	 */
	public void forget() {
		this.lastEvaluation = null;
		this.last = null;
	}

	/**
	 * Return the findings of the housekeeper's last evaluation. Shortly after sampling
	 * has resumed, the findings are evaluated on demand, at most once per second.
	 */
	public List<Finding> now() {
		return (this.samples.kept().size() > FEW_SAMPLES) ? ofLastEvaluation() : evaluate();
	}

	private List<Finding> evaluate() {
		if (this.samples.areSuspended()) {
			return List.of();
		}
		Evaluation last = this.last;
		if (last == null || !last.isYoungerThan(Math.min(VALID_FOR, this.samples.sampling().interval()))) {
			last = new Evaluation(Diagnosis.of(this.samples.window()), System.nanoTime());
			this.last = last;
		}
		return last.findings;
	}

	/**
	 * Return the findings of the housekeeper's last evaluation.
	 */
	List<Finding> ofLastEvaluation() {
		Evaluation last = this.lastEvaluation;
		return (last != null && last.isYoungerThan(2 * this.samples.sampling().interval())) ? last.findings
				: evaluate();
	}

	private record Evaluation(List<Finding> findings, long nanoTime) {

		boolean isYoungerThan(long age) {
			return System.nanoTime() - this.nanoTime < age;
		}

	}

}
