package io.github.httppool.hc5.observe;

import io.github.httppool.CloseReason;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * Flight Recorder event: a closed connection.
 */
@Name("io.github.httppool.Close")
@Label("Close")
@Category("HTTP Pool")
@Description("A connection was closed")
@StackTrace(false)
final class JfrCloseEvent extends Event {

	@Label("Pool")
	@Nullable String pool;

	@Label("Route")
	@Nullable String route;

	@Label("Connection")
	@Nullable String connection;

	@Label("Reason")
	@Nullable String reason;

	@Label("Age")
	@Timespan(Timespan.NANOSECONDS)
	long age;

	@Label("Exchanges")
	@Description("Requests that were sent over it")
	long exchanges;

	@Label("Bytes Received")
	@DataAmount
	long bytesReceived;

	@Label("Bytes Sent")
	@DataAmount
	long bytesSent;

	static void closed(ConnectionView connection, CloseReason reason) {
		JfrCloseEvent closed = new JfrCloseEvent();
		if (closed.shouldCommit()) {
			closed.pool = connection.pool();
			closed.route = connection.route();
			closed.connection = connection.id();
			closed.reason = reason.code();
			closed.age = connection.age().toNanos();
			closed.exchanges = connection.exchanges();
			closed.bytesReceived = connection.bytesReceived();
			closed.bytesSent = connection.bytesSent();
			closed.commit();
		}
	}

}
