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
 * Tells of findings that appear, become worse or better, and are over, in the log and in
 * the events. Used by the housekeeper alone.
 */
public final class FindingReports {

	/**
	 * Further ones of a kind, such as the same fault of hundreds of routes, are counted.
	 */
	static final int MOST_AT_ONCE = 10;

	/** With more reports than this, those of routes that are over are dropped. */
	private static final int MANY_REPORTS = 1000;

	private static final Logger log = LoggerFactory.getLogger("io.github.httppool.findings");

	private final String pool;

	private final EventLog events;

	private final LogWriter writer;

	/** By what makes two findings the same one: code and route. */
	private final Map<String, FindingReport> reports = new LinkedHashMap<>();

	private boolean failed;

	public FindingReports(String pool, EventLog events, LogWriter writer) {
		this.pool = pool;
		this.events = events;
		this.writer = writer;
	}

	/**
	 * Look for what is wrong now.
	 * @param window what the pool saw, without samples if there is nothing to see
	 * @param now the time
	 * @return what is wrong, or {@code null} if that could not be found out
	 */
	public @Nullable List<Finding> update(Window window, long now) {
		if (window.samples().size() == 1) {
			// Nothing is known of what comes between two samples: the process stood still
			// for longer than samples count.
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
		List<FindingNews> news = new ArrayList<>();
		for (Finding finding : findings) {
			String subject = finding.code() + " " + finding.route();
			if (found.add(subject)) {
				add(news,
						this.reports.computeIfAbsent(subject, (key) -> new FindingReport(finding)).found(finding, now));
			}
		}
		this.reports.forEach((subject, report) -> {
			if (!found.contains(subject)) {
				add(news, report.missed(now));
			}
		});
		boolean many = this.reports.size() > MANY_REPORTS;
		this.reports.values().removeIf((report) -> report.isForgotten(now) || (many && !report.isOpen()));
		tell(news);
	}

	private static void add(List<FindingNews> all, @Nullable FindingNews news) {
		if (news != null) {
			all.add(news);
		}
	}

	/**
	 * Return in how many nanoseconds there is something to tell though nothing happens,
	 * or {@link Long#MAX_VALUE}.
	 */
	public long untilNext(long now) {
		return this.reports.values().stream().mapToLong((report) -> report.untilNext(now)).min().orElse(Long.MAX_VALUE);
	}

	private void tell(List<FindingNews> all) {
		Map<String, Integer> told = new HashMap<>();
		Map<String, FindingNews> further = new LinkedHashMap<>();
		for (FindingNews news : all) {
			if (news.isWorse()) {
				JfrEvents.found(this.pool, news.finding());
			}
			String kind = news.finding().code() + news.change() + news.level();
			if (told.merge(kind, 1, Integer::sum) <= MOST_AT_ONCE) {
				this.events.finding(news.finding().route(), news.event());
				this.writer.write(log, news.level(), news.text(this.pool), null);
			}
			else {
				further.put(kind, news);
			}
		}
		further.forEach((kind, news) -> {
			String text = "%s %s on %s further routes of pool '%s' at the same time".formatted(news.finding().code(),
					news.change().isEmpty() ? "is open" : news.change(), told.get(kind) - MOST_AT_ONCE, this.pool);
			this.events.finding(null, text);
			this.writer.write(log, news.level(), text, null);
		});
	}

}
