package io.github.httppool.hc5.observe;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Records events with JDK Flight Recorder. If the JVM lacks it ({@code jdk.jfr} is an
 * optional module), nothing is recorded. Never throws, because some callers hold a lock
 * of the pool.
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
	 * Returns whether a recording may be active. Without one no event class is loaded,
	 * because the first one initializes much of Flight Recorder, which takes some tenths
	 * of a second.
	 */
	private static boolean mayRecord() {
		return AVAILABLE && FlightRecorder.isInitialized();
	}

	/**
	 * Called when a caller must wait for a connection.
	 * @return the event to end, or {@code null} if nothing is recorded
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
			// A failed recording must not fail the call.
		}
	}

	/**
	 * Called when a caller begins to open a connection.
	 * @return the event to end, or {@code null} if nothing is recorded
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
	 * Called when the connection of a lease is fully open or has failed. Further calls
	 * have no effect.
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
			// A failed recording must not fail the call.
		}
	}

	public static void closed(ConnectionView connection, CloseReason reason) {
		try {
			if (mayRecord()) {
				JfrCloseEvent.closed(connection, reason);
			}
		}
		catch (Throwable ex) {
			// A failed recording must not fail the call.
		}
	}

	/**
	 * Called when a finding appears or becomes worse.
	 */
	static void found(String pool, Finding finding) {
		try {
			if (mayRecord()) {
				JfrFindingEvent.found(pool, finding);
			}
		}
		catch (Throwable ex) {
			// A failed recording must not fail the housekeeper.
		}
	}

}
