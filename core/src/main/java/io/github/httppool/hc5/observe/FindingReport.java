package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.httppool.Finding;
import io.github.httppool.Severity;
import io.github.httppool.hc5.net.DurationFormat;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Decides when to report changes of one finding.
 * <p>
 * The pool reports immediately when a finding becomes worse. It also reports immediately
 * when a finding becomes better or is over, unless the finding comes and goes. One that
 * returns, or becomes worse again, within ten minutes must stay better for ten minutes
 * first. The last report never shows a lower severity than the actual one.
 */
final class FindingReport {

	static final long QUIET = TimeUnit.MINUTES.toNanos(10);

	/**
	 * No finding.
	 */
	private static final int NONE = 0;

	private Finding finding;

	/**
	 * The severity of the last report, or 0.
	 */
	private int reported = NONE;

	private int worst;

	private long appearedAt;

	/**
	 * When an improvement was last reported.
	 */
	private long improvedAt;

	private boolean hasImproved;

	private boolean recurring;

	/**
	 * Whether the severity is lower than reported; since when, and its maximum in that
	 * time.
	 */
	private boolean better;

	private long betterSince;

	private int atMost;

	private int returns;

	FindingReport(Finding finding) {
		this.finding = finding;
	}

	/**
	 * Called when the finding is present.
	 * @return the change to report, or {@code null}
	 */
	@Nullable FindingUpdate found(Finding finding, long now) {
		this.finding = finding;
		int level = level(finding.severity());
		if (level < this.reported) {
			return better(level, now);
		}
		if (this.better && level == this.reported) {
			this.returns++;
		}
		this.better = false;
		return (level > this.reported) ? worse(level, now) : null;
	}

	/**
	 * Called when the finding is absent.
	 * @return the change to report, or {@code null}
	 */
	@Nullable FindingUpdate missed(long now) {
		return (this.reported != NONE) ? better(NONE, now) : null;
	}

	private FindingUpdate worse(int level, long now) {
		int before = this.reported;
		this.recurring = this.hasImproved && now - this.improvedAt <= QUIET;
		this.reported = level;
		if (before != NONE) {
			this.worst = Math.max(this.worst, level);
			return update("is %s now".formatted(this.finding.severity().code()));
		}
		this.worst = level;
		this.appearedAt = now;
		this.returns = 0;
		return update(this.recurring ? "is back" : "");
	}

	private @Nullable FindingUpdate better(int level, long now) {
		this.atMost = this.better ? Math.max(this.atMost, level) : level;
		if (!this.better) {
			this.better = true;
			this.betterSince = now;
		}
		if (this.recurring && now - this.betterSince < QUIET) {
			return null;
		}
		String before = severity(this.reported).code();
		this.reported = this.atMost;
		this.improvedAt = now;
		this.hasImproved = true;
		this.better = false;
		return (this.reported != NONE) ? update("is no longer " + before) : over();
	}

	private FindingUpdate update(String change) {
		Level level = change.startsWith("is no longer") ? Level.INFO : switch (this.finding.severity()) {
			case INFO -> Level.INFO;
			case WARNING -> Level.WARN;
			case CRITICAL -> Level.ERROR;
		};
		String note = this.recurring
				? "This finding comes and goes: the pool reports further improvements once they have lasted for 10 minutes"
				: "";
		return new FindingUpdate(this.finding, level, change, this.finding.message(), this.finding.advice(), note);
	}

	private FindingUpdate over() {
		StringBuilder message = new StringBuilder("it lasted ").append(time(this.betterSince - this.appearedAt));
		if (this.worst > level(Severity.WARNING)) {
			message.append(" and was critical at its worst");
		}
		if (this.returns != 0) {
			message.append("; meanwhile it was gone, or better, ")
				.append((this.returns == 1) ? "once" : this.returns + " times");
		}
		return new FindingUpdate(this.finding, Level.INFO, "is over", message.toString(), "", "");
	}

	private static String time(long nanos) {
		long minutes = TimeUnit.NANOSECONDS.toMinutes(nanos);
		return (minutes >= 10) ? minutes + "m" : DurationFormat.format(Duration.ofNanos(nanos));
	}

	/**
	 * Return the nanoseconds until the next report if the finding does not return, or
	 * {@link Long#MAX_VALUE}.
	 */
	long untilNext(long now) {
		return this.better ? this.betterSince + QUIET - now : Long.MAX_VALUE;
	}

	boolean isOpen() {
		return this.reported != NONE;
	}

	/**
	 * Return whether the history of the finding is no longer relevant.
	 */
	boolean isForgotten(long now) {
		return !isOpen() && now - this.improvedAt > QUIET;
	}

	private static int level(Severity severity) {
		return severity.ordinal() + 1;
	}

	private static Severity severity(int level) {
		return Severity.values()[level - 1];
	}

}
