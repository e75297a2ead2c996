package io.github.httppool.hc5;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.findings.Diagnosis;
import io.github.httppool.findings.Window;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells of findings that appear and disappear. Used by the housekeeper alone.
 */
final class FindingReports {

	/** One that comes and goes is logged once in this time. */
	static final long QUIET = TimeUnit.MINUTES.toNanos(10);

	private static final Logger log = LoggerFactory.getLogger(FindingReports.class);

	private final String pool;

	private final EventLog events;

	private final LogWriter writer;

	private Map<Subject, Finding> open = Map.of();

	/** Bounded by number, too: there may be thousands of routes. */
	private final Map<Subject, Long> loggedAt = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Subject, Long> eldest) {
			return size() > Routes.MOST_UNUSED;
		}

	};

	private boolean failed;

	FindingReports(String pool, EventLog events, LogWriter writer) {
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
	@Nullable List<Finding> update(Window window, long now) {
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
		Map<Subject, Finding> found = new HashMap<>();
		for (Finding finding : findings) {
			Subject subject = new Subject(finding.code(), finding.route());
			found.put(subject, finding);
			if (!this.open.containsKey(subject)) {
				appeared(subject, finding, now);
			}
		}
		this.open.forEach((subject, finding) -> {
			if (!found.containsKey(subject)) {
				this.events.findingOver(finding);
			}
		});
		this.open = found;
	}

	private void appeared(Subject subject, Finding finding, long now) {
		this.events.found(finding);
		this.loggedAt.values().removeIf((before) -> now - before > QUIET);
		if (this.loggedAt.putIfAbsent(subject, now) == null) {
			Level level = (finding.severity() == Finding.Severity.INFO) ? Level.INFO : Level.WARN;
			this.writer.write(log, level, describe(finding), null);
		}
	}

	private String describe(Finding finding) {
		String route = (finding.route() != null) ? ", route " + finding.route() : "";
		return "%s (pool '%s'%s): %s. %s".formatted(finding.code(), this.pool, route, finding.message(),
				finding.advice());
	}

	/**
	 * What makes two findings the same one.
	 */
	private record Subject(FindingCode code, @Nullable String route) {
	}

}
