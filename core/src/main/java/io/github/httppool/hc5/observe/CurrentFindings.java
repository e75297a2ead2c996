package io.github.httppool.hc5.observe;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.httppool.Finding;
import io.github.httppool.findings.Diagnosis;
import org.jspecify.annotations.Nullable;

/**
 * The findings of a pool, kept between two looks so that frequent reads cost little.
 */
public final class CurrentFindings {

	private static final long VALID_FOR = TimeUnit.SECONDS.toNanos(1);

	/**
	 * So few samples are looked at in no time, and much can be new since the last one.
	 */
	private static final int FEW_SAMPLES = 3;

	private final Samples samples;

	private volatile @Nullable Answer last;

	private volatile @Nullable Answer lastLook;

	public CurrentFindings(Samples samples) {
		this.samples = samples;
	}

	/**
	 * Keep what the housekeeper found.
	 * @param findings the findings, or {@code null} if it could not look
	 */
	public void looked(@Nullable List<Finding> findings) {
		this.lastLook = (findings != null) ? new Answer(findings, System.nanoTime()) : null;
	}

	/**
	 * Forget what was found, which other limits or settings may have mended.
	 */
	public void forget() {
		this.lastLook = null;
		this.last = null;
	}

	/**
	 * Return what is wrong: as the housekeeper found it when it looked last or, soon
	 * after the pool woke, as it is now or was a second ago.
	 */
	public List<Finding> now() {
		return (this.samples.kept().size() > FEW_SAMPLES) ? ofLastLook() : look();
	}

	private List<Finding> look() {
		if (this.samples.areAsleep()) {
			return List.of();
		}
		Answer last = this.last;
		if (last == null || !last.isYoungerThan(Math.min(VALID_FOR, this.samples.sampling().interval()))) {
			last = new Answer(Diagnosis.of(this.samples.window()), System.nanoTime());
			this.last = last;
		}
		return last.findings;
	}

	/**
	 * Return what the housekeeper found when it looked last. Costs nothing.
	 */
	List<Finding> ofLastLook() {
		Answer last = this.lastLook;
		return (last != null && last.isYoungerThan(2 * this.samples.sampling().interval())) ? last.findings : look();
	}

	private record Answer(List<Finding> findings, long nanoTime) {

		boolean isYoungerThan(long age) {
			return System.nanoTime() - this.nanoTime < age;
		}

	}

}
