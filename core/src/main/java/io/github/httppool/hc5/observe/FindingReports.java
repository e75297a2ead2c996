package io.github.httppool.hc5.observe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.httppool.Finding;
import io.github.httppool.findings.Diagnosis;
import io.github.httppool.findings.Window;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports findings that appear, become worse or better, or are over, in the log and in
 * the events. Used only by the housekeeper.
 */
public final class FindingReports {

	/**
	 * Maximum number of reports per finding code at a time. Further ones, such as the
	 * same problem on hundreds of routes, are only counted.
	 */
	static final int MAX_AT_ONCE = 10;

	/**
	 * With more entries than this, entries of resolved findings are removed.
	 */
	private static final int MANY_REPORTS = 1000;

	private static final Logger log = LoggerFactory.getLogger("io.github.httppool.findings");

	private final String pool;

	private final EventLog events;

	private final LogWriter writer;

	/**
	 * By the identity of a finding: its code and route.
	 */
	private final Map<String, FindingReport> reports = new LinkedHashMap<>();

	private boolean failed;

	public FindingReports(String pool, EventLog events, LogWriter writer) {
		this.pool = pool;
		this.events = events;
		this.writer = writer;
	}

	/**
	 * Evaluate the findings.
	 * @param window the recorded window; has no samples if the pool is unused
	 * @param now the time
	 * @return the findings, or {@code null} if they could not be evaluated
	 */
	public @Nullable List<Finding> update(Window window, long now) {
		if (window.samples().size() == 1) {
			// The process was paused for longer than the window, so nothing is known
			// about that period.
			return null;
		}
		try {
			List<Finding> findings = window.samples().isEmpty() ? List.of()
					: Diagnosis.of(window, (message, failure) -> this.writer.warn(log, message, failure));
			changed(findings, now);
			return findings;
		}
		catch (RuntimeException ex) {
			if (!this.failed) {
				this.failed = true;
				this.writer.warn(log, "Pool '%s' could not be examined; this is logged once".formatted(this.pool), ex);
			}
			return null;
		}
	}

	void changed(List<Finding> findings, long now) {
		Set<String> found = new HashSet<>();
		List<FindingUpdate> updates = new ArrayList<>();
		for (Finding finding : findings) {
			String subject = finding.code() + " " + finding.route();
			if (found.add(subject)) {
				add(updates,
						this.reports.computeIfAbsent(subject, (key) -> new FindingReport(finding)).found(finding, now));
			}
		}
		this.reports.forEach((subject, report) -> {
			if (!found.contains(subject)) {
				add(updates, report.missed(now));
			}
		});
		boolean many = this.reports.size() > MANY_REPORTS;
		this.reports.values().removeIf((report) -> report.isForgotten(now) || (many && !report.isOpen()));
		publish(updates);
	}

	private static void add(List<FindingUpdate> all, @Nullable FindingUpdate update) {
		if (update != null) {
			all.add(update);
		}
	}

	/**
	 * Return the nanoseconds until the next report if nothing happens, or
	 * {@link Long#MAX_VALUE}.
	 */
	public long untilNext(long now) {
		return this.reports.values().stream().mapToLong((report) -> report.untilNext(now)).min().orElse(Long.MAX_VALUE);
	}

	private void publish(List<FindingUpdate> all) {
		Map<String, Integer> counts = new HashMap<>();
		Map<String, FindingUpdate> further = new LinkedHashMap<>();
		for (FindingUpdate update : all) {
			if (update.isWorse()) {
				JfrEvents.found(this.pool, update.finding());
			}
			String kind = update.finding().code() + update.change() + update.level();
			if (counts.merge(kind, 1, Integer::sum) <= MAX_AT_ONCE) {
				this.events.finding(update.finding().route(), update.event());
				this.writer.write(log, update.level(), update.text(this.pool), null);
			}
			else {
				further.put(kind, update);
			}
		}
		further.forEach((kind, update) -> {
			String text = "%s %s on %s further routes of pool '%s' at the same time".formatted(update.finding().code(),
					update.change().isEmpty() ? "is open" : update.change(), counts.get(kind) - MAX_AT_ONCE, this.pool);
			this.events.finding(null, text);
			this.writer.write(log, update.level(), text, null);
		});
	}

}
