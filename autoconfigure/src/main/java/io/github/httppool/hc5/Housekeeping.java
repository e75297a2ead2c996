package io.github.httppool.hc5;

import java.util.function.LongUnaryOperator;

/**
 * What the housekeeper does every now and then: sweeps the idle connections, takes
 * samples, and says what is wrong.
 */
final class Housekeeping implements LongUnaryOperator {

	private final IdleSweep sweep;

	private final Samples samples;

	private final FindingReports reports;

	private final CurrentFindings findings;

	Housekeeping(IdleSweep sweep, Samples samples, FindingReports reports, CurrentFindings findings) {
		this.sweep = sweep;
		this.samples = samples;
		this.reports = reports;
		this.findings = findings;
	}

	@Override
	public long applyAsLong(long now) {
		long next = this.sweep.applyAsLong(now);
		if (this.samples.takeIfDue(now)) {
			this.findings.looked(this.reports.update(this.samples.sampledWindow(), now));
		}
		return Math.min(next, this.samples.untilNext(now));
	}

}
