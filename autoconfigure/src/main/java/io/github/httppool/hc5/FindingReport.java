package io.github.httppool.hc5;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * What was told of one finding, and what is to be told next.
 * <p>
 * What becomes worse is told at once. So is what becomes better, or is over, unless the
 * finding comes and goes: one that is back, or worse again, within ten minutes has to
 * stay better for ten minutes. What was told last is never better than what is true.
 */
final class FindingReport {

	static final long QUIET = TimeUnit.MINUTES.toNanos(10);

	/** Nothing was found. */
	private static final int NONE = 0;

	private Finding finding;

	/** What was told last: 0, or a severity. */
	private int told = NONE;

	private int worst;

	private long appearedAt;

	/** When something better was told last. */
	private long fellAt;

	private boolean hasFallen;

	private boolean restless;

	/** Since when it has been better than what was told, and how bad at most. */
	private boolean better;

	private long betterSince;

	private int atMost;

	private int returns;

	FindingReport(Finding finding) {
		this.finding = finding;
	}

	/**
	 * The finding is there.
	 * @return what to tell, or {@code null}
	 */
	@Nullable News found(Finding finding, long now) {
		this.finding = finding;
		int level = level(finding.severity());
		if (level < this.told) {
			return better(level, now);
		}
		if (this.better && level == this.told) {
			this.returns++;
		}
		this.better = false;
		return (level > this.told) ? worse(level, now) : null;
	}

	/**
	 * The finding is not there.
	 * @return what to tell, or {@code null}
	 */
	@Nullable News missed(long now) {
		return (this.told != NONE) ? better(NONE, now) : null;
	}

	private News worse(int level, long now) {
		int before = this.told;
		this.restless = this.hasFallen && now - this.fellAt <= QUIET;
		this.told = level;
		if (before != NONE) {
			this.worst = Math.max(this.worst, level);
			return news("is %s now".formatted(this.finding.severity().code()));
		}
		this.worst = level;
		this.appearedAt = now;
		this.returns = 0;
		return news(this.restless ? "is back" : "");
	}

	private @Nullable News better(int level, long now) {
		this.atMost = this.better ? Math.max(this.atMost, level) : level;
		if (!this.better) {
			this.better = true;
			this.betterSince = now;
		}
		if (this.restless && now - this.betterSince < QUIET) {
			return null;
		}
		String before = severity(this.told).code();
		this.told = this.atMost;
		this.fellAt = now;
		this.hasFallen = true;
		this.better = false;
		return (this.told != NONE) ? news("is no longer " + before) : over();
	}

	private News news(String change) {
		Level level = change.startsWith("is no longer") ? Level.INFO : switch (this.finding.severity()) {
			case INFO -> Level.INFO;
			case WARNING -> Level.WARN;
			case CRITICAL -> Level.ERROR;
		};
		String note = this.restless
				? "It comes and goes: further changes for the better are told when they have lasted for 10 minutes"
				: "";
		return new News(this.finding, level, change, this.finding.message(), this.finding.advice(), note);
	}

	private News over() {
		StringBuilder message = new StringBuilder("it lasted ").append(time(this.betterSince - this.appearedAt));
		if (this.worst > level(Severity.WARNING)) {
			message.append(" and was critical at its worst");
		}
		if (this.returns != 0) {
			message.append("; meanwhile it was gone, or better, ")
				.append((this.returns == 1) ? "once" : this.returns + " times");
		}
		return new News(this.finding, Level.INFO, "is over", message.toString(), "", "");
	}

	private static String time(long nanos) {
		long minutes = TimeUnit.NANOSECONDS.toMinutes(nanos);
		return (minutes >= 10) ? minutes + "m" : Explanation.text(Duration.ofNanos(nanos));
	}

	/**
	 * Return in how many nanoseconds there is something to tell unless the finding comes
	 * back, or {@link Long#MAX_VALUE}.
	 */
	long untilNext(long now) {
		return this.better ? this.betterSince + QUIET - now : Long.MAX_VALUE;
	}

	boolean isOpen() {
		return this.told != NONE;
	}

	/**
	 * Return whether it does not matter any more that it was there.
	 */
	boolean isForgotten(long now) {
		return !isOpen() && now - this.fellAt > QUIET;
	}

	private static int level(Severity severity) {
		return severity.ordinal() + 1;
	}

	private static Severity severity(int level) {
		return Severity.values()[level - 1];
	}

	/**
	 * Something to tell.
	 *
	 * @param finding what it is about
	 * @param level how to log it
	 * @param change what became of it, empty if it appeared
	 * @param message what happens
	 * @param advice what to do
	 * @param note what else there is to know
	 */
	record News(Finding finding, Level level, String change, String message, String advice, String note) {

		/**
		 * Return whether the finding appeared or became worse.
		 */
		boolean isWorse() {
			return !this.change.equals("is over") && !this.change.startsWith("is no longer");
		}

		/**
		 * Return the text of the event.
		 */
		String event() {
			return switch (this.change) {
				case "" -> "%s (%s): %s".formatted(this.finding.code(), this.finding.severity().code(), this.message);
				default -> "%s %s: %s".formatted(this.finding.code(), this.change, this.message);
			};
		}

		/**
		 * Return the lines of the log: what happened, then details, then advice.
		 */
		String text(String pool) {
			String route = (this.finding.route() != null) ? ", route " + this.finding.route() : "";
			String[] sentences = this.message.split("(?<=\\.) ", 2);
			String change = this.change.isEmpty() ? "" : " " + this.change;
			return FindingLines.of(
					"%s%s (pool '%s'%s): %s".formatted(this.finding.code(), change, pool, route, sentences[0]),
					(sentences.length > 1) ? sentences[1] : "", this.advice, this.note);
		}

	}

}
