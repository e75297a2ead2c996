package io.github.httppool.hc5.observe;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Records events with JDK Flight Recorder. A JVM may lack it ({@code jdk.jfr} is an
 * optional module): then nothing is recorded. Never throws: some callers hold the lock of
 * HttpClient's pool.
 */
public final class JfrEvents {

	private static final boolean AVAILABLE = isAvailable();

	private JfrEvents() {
	}

	private static boolean isAvailable() {
		try {
			FlightRecorder.isInitialized();
			return true;
		}
		catch (LinkageError ex) {
			return false;
		}
	}

	/**
	 * Return whether there may be a recording. Without one no class of an event is
	 * loaded: the first one would start half of Flight Recorder, for some tenths of a
	 * second.
	 */
	private static boolean mayRecord() {
		return AVAILABLE && FlightRecorder.isInitialized();
	}

	/**
	 * A caller finds no connection at once.
	 * @return what to end, or {@code null} while nothing is recorded
	 */
	public static @Nullable Object acquireStarted() {
		try {
			return mayRecord() ? JfrAcquireEvent.started() : null;
		}
		catch (Throwable ex) {
			return null;
		}
	}

	public static void acquireEnded(@Nullable Object started, LeaseView lease, AcquireOutcome outcome,
			@Nullable ConnectionView connection) {
		try {
			if (started != null) {
				((JfrAcquireEvent) started).ended(lease, outcome, connection);
			}
		}
		catch (Throwable ex) {
			// Not the caller's concern.
		}
	}

	/**
	 * A caller opens a connection.
	 * @return what to end, or {@code null} while nothing is recorded
	 */
	public static @Nullable Object connectStarted() {
		try {
			return mayRecord() ? JfrConnectEvent.started() : null;
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * The connection of a lease is open, with TLS where it has TLS, or never will be.
	 * Further calls do nothing.
	 * @param failure why it failed, or {@code null}
	 */
	public static void connectEnded(LeaseView lease, @Nullable Throwable failure) {
		ConnectTimes times = lease.held().connectTimes();
		if (!times.end()) {
			return;
		}
		try {
			Object started = times.takeRecorded();
			if (started != null) {
				((JfrConnectEvent) started).ended(lease, times, failure);
			}
		}
		catch (Throwable ex) {
			// Not the caller's concern.
		}
	}

	public static void closed(ConnectionView connection, CloseReason reason) {
		try {
			if (mayRecord()) {
				JfrCloseEvent.closed(connection, reason);
			}
		}
		catch (Throwable ex) {
			// Not the caller's concern.
		}
	}

	/**
	 * A finding appeared or became worse.
	 */
	static void found(String pool, Finding finding) {
		try {
			if (mayRecord()) {
				JfrFindingEvent.found(pool, finding);
			}
		}
		catch (Throwable ex) {
			// Not the housekeeper's concern.
		}
	}

}
