package io.github.httppool.hc5.pool;

import java.util.function.LongUnaryOperator;

import io.github.httppool.hc5.observe.CurrentFindings;
import io.github.httppool.hc5.observe.FindingReports;
import io.github.httppool.hc5.observe.Samples;

/**
 * The periodic tasks of the housekeeper: checks connections, takes samples, and reports
 * findings.
 */
final class Housekeeping implements LongUnaryOperator {

	private final IdleReaper reaper;

	private final Samples samples;

	private final FindingReports reports;

	private final CurrentFindings findings;

	Housekeeping(IdleReaper reaper, Samples samples, FindingReports reports, CurrentFindings findings) {
		this.reaper = reaper;
		this.samples = samples;
		this.reports = reports;
		this.findings = findings;
	}

	@Override
	public long applyAsLong(long now) {
		long next = this.reaper.applyAsLong(now);
		// A finding may end without activity, and so without a new sample.
		if (this.samples.takeIfDue(now) || this.reports.untilNext(now) <= 0) {
			this.findings.update(this.reports.update(this.samples.sampledWindow(), now));
		}
		return Math.min(next, Math.min(this.samples.untilNext(now), this.reports.untilNext(now)));
	}

}
