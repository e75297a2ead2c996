package io.github.httppool.hc5.observe;

import io.github.httppool.PooledConnectionInfo;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * Flight Recorder event: the opening of a connection.
 */
@Name("io.github.httppool.Connect")
@Label("Connect")
@Category("HTTP Pool")
@Description("A connection was opened, or failed to open")
@StackTrace(false)
final class JfrConnectEvent extends Event {

	@Label("Pool")
	@Nullable String pool;

	@Label("Route")
	@Nullable String route;

	@Label("Call")
	@Description("Method and path")
	@Nullable String call;

	@Label("Connection")
	@Nullable String connection;

	@Label("Outcome")
	@Nullable String outcome;

	@Label("Failure")
	@Description("Class of the exception")
	@Nullable String failure;

	@Label("DNS")
	@Description("Time for the lookup")
	@Timespan(Timespan.NANOSECONDS)
	long dns;

	@Label("TCP")
	@Description("Time for the TCP connect that succeeded")
	@Timespan(Timespan.NANOSECONDS)
	long tcp;

	@Label("TLS")
	@Description("Time for the TLS handshake")
	@Timespan(Timespan.NANOSECONDS)
	long tls;

	static @Nullable JfrConnectEvent started() {
		JfrConnectEvent started = new JfrConnectEvent();
		if (!started.isEnabled()) {
			return null;
		}
		started.begin();
		return started;
	}

	void ended(LeaseView lease, ConnectTimes times, @Nullable Throwable failure) {
		end();
		if (shouldCommit()) {
			this.pool = lease.pool();
			this.route = lease.route();
			this.call = lease.call();
			PooledConnectionInfo connection = lease.connection();
			this.connection = (connection != null) ? connection.id() : null;
			this.outcome = (failure == null) ? "success" : "failure";
			this.failure = (failure != null) ? failure.getClass().getName() : null;
			this.dns = Math.max(times.dns, 0);
			this.tcp = Math.max(times.tcp, 0);
			this.tls = Math.max(times.tls, 0);
			commit();
		}
	}

}
