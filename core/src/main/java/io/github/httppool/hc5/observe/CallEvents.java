package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.Locale;
import java.util.StringJoiner;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CallObserver;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.net.DurationFormat;
import io.github.httppool.hc5.net.Housekeeper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds notable events of a call to its observation, and so to its trace: a wait, an
 * opened connection, a retry, an aborted drain. A call that reuses a connection without
 * waiting has no events.
 * <p>
 * Observation handlers are third-party code: they run only on the caller's thread, and
 * their exceptions never reach the caller.
 */
public final class CallEvents {

	static final String WAITED = "http.pool.acquire.wait";

	static final String OPENED = "http.pool.connect";

	static final String RETRIED = "http.pool.retry.stale";

	static final String DRAIN_ABORTED = "http.pool.drain.cutoff";

	private static final Logger log = LoggerFactory.getLogger(CallObserver.class);

	private final CallObserver observer;

	private volatile boolean failed;

	CallEvents(CallObserver observer) {
		this.observer = observer;
	}

	/**
	 * Returns the observation of the current thread's call, or {@code null} if there is
	 * none.
	 */
	public @Nullable Object current() {
		try {
			return this.observer.current();
		}
		catch (Throwable ex) {
			failed(ex);
			return null;
		}
	}

	/**
	 * Called when a caller has waited for a connection.
	 */
	public void waited(LeaseView lease, AcquireOutcome outcome, long nanos) {
		Object call = current();
		if (call != null) {
			String end = switch (outcome) {
				case REUSED, OPENED -> "";
				case TIMEOUT, REJECTED, FAILED -> " in vain";
			};
			add(call, WAITED, "waited " + time(nanos) + " for a connection to " + lease.route() + end);
		}
	}

	/**
	 * Called when a connection was opened, including the TLS handshake if there is one.
	 */
	public void opened(LeaseView lease) {
		ConnectTimes times = lease.held().connectTimes();
		JfrEvents.connectEnded(lease, null);
		Object call = current();
		if (call != null) {
			StringJoiner steps = new StringJoiner(", ", ": ", "").setEmptyValue("");
			step(steps, "DNS", times.dns);
			step(steps, "TCP", times.tcp);
			step(steps, "TLS", times.tls);
			add(call, OPENED, "opened a connection to " + lease.route() + " in " + time(times.total()) + steps);
		}
	}

	private static void step(StringJoiner steps, String name, long nanos) {
		if (nanos >= 0) {
			steps.add(name + " " + time(nanos));
		}
	}

	/**
	 * Called when a request is retried because its reused connection was stale.
	 */
	public void retried(LeaseView stale) {
		Object call = current();
		if (call != null) {
			add(call, RETRIED, "repeated the request, because " + stale.route() + " had closed the reused connection");
		}
	}

	/**
	 * Called when the caller has left a part of a body unread.
	 * @param call the observation of the call, or {@code null} if there is none
	 */
	public void drained(LeaseView lease, @Nullable Object call, DrainOutcome outcome, HttpPoolSettings settings) {
		if (call == null) {
			return;
		}
		String prefix = settings.propertyPrefix() + "drain.";
		switch (outcome) {
			case TOO_LARGE -> drainAborted(lease, call, "more than %s of its body were unread (%smax-bytes)"
				.formatted(Explanation.size(settings.drainMaxBytes()), prefix));
			case TOO_SLOW -> drainAborted(lease, call, "the rest of its body did not come within %s (%smax-time)"
				.formatted(DurationFormat.format(settings.drainMaxTime()), prefix));
			case REUSED, FAILED -> {
			}
		}
	}

	private void drainAborted(LeaseView lease, Object call, String why) {
		add(call, DRAIN_ABORTED, "closed the connection to " + lease.route() + ", because " + why);
	}

	private void add(Object call, String name, String text) {
		if (Thread.currentThread() instanceof Housekeeper.Worker) {
			return;
		}
		try {
			this.observer.event(call, name, text);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private void failed(Throwable thrown) {
		if (this.failed) {
			return;
		}
		this.failed = true;
		try {
			log.warn("An observation did not take an event of its call; the call goes on. "
					+ "Further exceptions of its kind are not logged", thrown);
		}
		catch (Throwable ex) {
			// The logger calls the exception's getMessage(), which is
			// third-party code and may throw.
		}
	}

	/**
	 * Formats a duration, with one decimal place below 10 milliseconds.
	 */
	private static String time(long nanos) {
		return (nanos < 10_000_000) ? String.format(Locale.ROOT, "%.1fms", nanos / 1e6)
				: DurationFormat.format(Duration.ofNanos(nanos));
	}

}
