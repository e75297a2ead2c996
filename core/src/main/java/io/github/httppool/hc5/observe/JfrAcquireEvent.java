package io.github.httppool.hc5.observe;

import io.github.httppool.AcquireOutcome;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * Flight Recorder event: a wait for a connection.
 */
@Name("io.github.httppool.Acquire")
@Label("Acquire")
@Category("HTTP Pool")
@Description("A caller found no connection at once: it waited for one, or was refused")
@StackTrace(false)
final class JfrAcquireEvent extends Event {

	@Label("Pool")
	@Nullable String pool;

	@Label("Route")
	@Nullable String route;

	@Label("Call")
	@Description("Method and path")
	@Nullable String call;

	@Label("Outcome")
	@Nullable String outcome;

	@Label("Connection")
	@Nullable String connection;

	static @Nullable JfrAcquireEvent started() {
		JfrAcquireEvent started = new JfrAcquireEvent();
		if (!started.isEnabled()) {
			return null;
		}
		started.begin();
		return started;
	}

	void ended(LeaseView lease, AcquireOutcome outcome, @Nullable ConnectionView connection) {
		end();
		if (shouldCommit()) {
			this.pool = lease.pool();
			this.route = lease.route();
			this.call = lease.call();
			this.outcome = outcome.code();
			this.connection = (connection != null) ? connection.id() : null;
			commit();
		}
	}

}
