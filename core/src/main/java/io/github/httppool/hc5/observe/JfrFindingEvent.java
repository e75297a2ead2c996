package io.github.httppool.hc5.observe;

import io.github.httppool.Finding;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * Flight Recorder event: a finding.
 */
@Name("io.github.httppool.Finding")
@Label("Finding")
@Category("HTTP Pool")
@Description("A finding appeared or became worse")
@StackTrace(false)
final class JfrFindingEvent extends Event {

	@Label("Pool")
	@Nullable String pool;

	@Label("Route")
	@Nullable String route;

	@Label("Code")
	@Nullable String code;

	@Label("Severity")
	@Nullable String severity;

	@Label("Message")
	@Nullable String message;

	@Label("Advice")
	@Nullable String advice;

	static void found(String pool, Finding finding) {
		JfrFindingEvent found = new JfrFindingEvent();
		if (found.shouldCommit()) {
			found.pool = pool;
			found.route = finding.route();
			found.code = finding.code().name();
			found.severity = finding.severity().code();
			found.message = finding.message();
			found.advice = finding.advice();
			found.commit();
		}
	}

}
