package io.github.httppool.hc5;

import java.time.Duration;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolEvent.Type;
import io.github.httppool.findings.MessageLines;
import org.jspecify.annotations.Nullable;

/**
 * Says what is remarkable, and in which words. Keeps no lease and no connection: their
 * buffers would stay with them.
 */
final class EventLog {

	private final EventRing ring = new EventRing();

	List<PoolEvent> newestFirst() {
		return this.ring.read();
	}

	void opened(Lease lease, PooledConnection connection) {
		String id = connection.id();
		String call = call(lease);
		this.ring.add(Type.OPENED, lease.route(), () -> id + " for " + call);
	}

	void closed(PooledConnection connection, CloseReason reason) {
		ClosedConnection closed = ClosedConnection.of(connection);
		this.ring.add(Type.CLOSED, closed.route(),
				() -> "%s: %s, age %s, %s exchanges, %s bytes received, %s sent".formatted(closed.id(), reason.code(),
						Explanation.text(closed.age()), closed.exchanges(), closed.bytesReceived(),
						closed.bytesSent()));
	}

	void connectFailed(Lease lease, Throwable failure) {
		String call = call(lease);
		String type = Failures.type(failure);
		String message = Failures.message(failure);
		String what = (message != null) ? type + ": " + MessageLines.first(message) : type;
		this.ring.add(Type.CONNECT_FAILED, lease.route(), () -> call + ": " + what);
	}

	void refused(Lease lease, int waiting) {
		String call = call(lease);
		this.ring.add(Type.REFUSED, lease.route(), () -> call + ": " + waiting + " callers were waiting already");
	}

	void acquireTimedOut(Lease lease) {
		String call = call(lease);
		this.ring.add(Type.TIMEOUT, lease.route(), () -> call + ": no connection within the acquire timeout");
	}

	/**
	 * A call took longer than it may.
	 */
	void callTimedOut(@Nullable Route route, String call, Duration limit, String phase) {
		this.ring.add(Type.TIMEOUT, (route != null) ? route.name : null,
				() -> "%s: took longer than its call timeout of %s; it was %s".formatted(call, Explanation.text(limit),
						phase));
	}

	void replayed(Lease stale) {
		String call = call(stale);
		String id = stale.held().id();
		this.ring.add(Type.REPLAYED, stale.route(), () -> call + ": the server had closed " + id);
	}

	void leaked(Lease lease) {
		String call = call(lease);
		String thread = lease.thread();
		Duration heldFor = lease.heldFor();
		this.ring.add(Type.LEAK, lease.route(),
				() -> "%s by thread '%s', held for %s".formatted(call, thread, Explanation.text(heldFor)));
	}

	void found(Finding finding) {
		this.ring.add(Type.FINDING, finding.route(),
				() -> "%s (%s): %s".formatted(finding.code(), finding.severity().code(), finding.message()));
	}

	void findingOver(Finding finding) {
		this.ring.add(Type.FINDING, finding.route(), () -> finding.code() + " is over");
	}

	void resized(int maxTotal, int maxPerRoute) {
		this.ring.add(Type.RESIZED, null, () -> "maxTotal is %s, maxPerRoute %s".formatted(maxTotal, maxPerRoute));
	}

	void changed(SettingsChange change) {
		this.ring.add(Type.CHANGED, null, change::toString);
	}

	void evicted(int closed) {
		this.ring.add(Type.EVICTED, null,
				() -> closed + " idle connections were closed; leased ones are when they are released");
	}

	void stayedSilent(Lease lease, SilentConnections silent) {
		String call = call(lease);
		String id = lease.held().id();
		this.ring.add(Type.EVICTED, lease.route(),
				() -> "%s idle connections were closed: %s sent no byte to %s, after %s of idleness, and they had been idle for as long"
					.formatted(silent.closed(), id, call, Explanation.text(silent.idle())));
	}

	private static String call(Lease lease) {
		String call = lease.call();
		return (call != null) ? call : "a call";
	}

}
