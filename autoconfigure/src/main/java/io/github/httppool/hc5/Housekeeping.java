package io.github.httppool.hc5;

import java.util.function.LongUnaryOperator;

/**
 * What the housekeeper does every now and then: sweeps the idle connections, takes
 * samples, and says what is wrong.
 */
final class Housekeeping implements LongUnaryOperator {

	private final IdleSweep sweep;

	private final Samples samples;

	private final FindingReports findings;

	Housekeeping(IdleSweep sweep, Samples samples, FindingReports findings) {
		this.sweep = sweep;
		this.samples = samples;
		this.findings = findings;
	}

	@Override
	public long applyAsLong(long now) {
		long next = this.sweep.applyAsLong(now);
		if (this.samples.takeIfDue(now)) {
			this.findings.update(this.samples.sampledWindow(), now);
		}
		else if (this.findings.untilNext(now) <= 0) {
			// The pool may be asleep: there is no further sample.
			this.findings.update(this.samples.sampledWindow(), now);
		}
		return Math.min(next, Math.min(this.samples.untilNext(now), this.findings.untilNext(now)));
	}

}
