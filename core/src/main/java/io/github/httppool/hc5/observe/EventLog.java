package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolEvent.Type;
import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.net.DurationFormat;
import io.github.httppool.hc5.net.Exceptions;
import org.jspecify.annotations.Nullable;

/**
 * Records notable events of a pool and formats them. Keeps no reference to leases or
 * connections, which would retain their buffers. Frequent events have a ring of their
 * own, so that they do not displace rare ones.
 */
public final class EventLog {

	/**
	 * Maximum number of findings and changes. Rings of counted events hold twice as many.
	 */
	public static final int CAPACITY = 100;

	private static final EventKind OPENED = EventKind.counted(Type.OPENED, "connections opened");

	private static final EventKind[] CLOSED = Arrays.stream(CloseReason.values())
		.map((reason) -> EventKind.counted(Type.CLOSED, "connections closed: " + reason.code()))
		.toArray(EventKind[]::new);

	private static final EventKind REFUSED = EventKind.counted(Type.REFUSED, "callers refused");

	private static final EventKind ACQUIRE_TIMEOUT = EventKind.counted(Type.TIMEOUT,
			"callers got no connection within the acquire timeout");

	private static final EventKind CALL_TIMEOUT = EventKind.counted(Type.TIMEOUT,
			"calls took longer than their call timeout");

	private static final EventKind REPLAYED = EventKind.counted(Type.REPLAYED,
			"calls repeated, because the server had closed their connections");

	private static final EventKind LEAK = EventKind.counted(Type.LEAK, "leases reported as leaks");

	private static final EventKind STAYED_SILENT = EventKind.counted(Type.EVICTED,
			"evictions of idle connections, because another one had stayed silent");

	private static final EventKind FINDING = EventKind.single(Type.FINDING);

	private static final EventKind RESIZED = EventKind.single(Type.RESIZED);

	private static final EventKind CHANGED = EventKind.single(Type.CHANGED);

	private static final EventKind EVICTED = EventKind.single(Type.EVICTED);

	private final EventRing traffic = new EventRing(2 * CAPACITY);

	private final EventRing failures = new EventRing(2 * CAPACITY);

	private final EventRing changes = new EventRing(CAPACITY);

	public List<PoolEvent> newestFirst() {
		List<EventEntry> entries = new ArrayList<>(this.traffic.read());
		entries.addAll(this.failures.read());
		entries.addAll(this.changes.read());
		entries.sort(EventEntry.NEWEST_FIRST);
		return entries.stream().map(EventEntry::event).toList();
	}

	public void opened(LeaseView lease, ConnectionView connection) {
		if (!this.traffic.join(OPENED, lease.route())) {
			String id = connection.id();
			String call = call(lease);
			this.traffic.add(OPENED, lease.route(), () -> id + " for " + call);
		}
	}

	public void closed(ConnectionView connection, CloseReason reason) {
		EventKind kind = CLOSED[reason.ordinal()];
		if (!this.traffic.join(kind, connection.route())) {
			ClosedConnection closed = ClosedConnection.of(connection);
			this.traffic.add(kind, closed.route(),
					() -> "%s: %s, age %s, %s exchanges, %s bytes received, %s sent".formatted(closed.id(),
							reason.code(), DurationFormat.format(closed.age()), closed.exchanges(),
							closed.bytesReceived(), closed.bytesSent()));
		}
	}

	public void connectFailed(LeaseView lease, Throwable failure) {
		String type = Exceptions.type(failure);
		EventKind kind = EventKind.counted(Type.CONNECT_FAILED, "connections could not be opened: " + type);
		if (!this.failures.join(kind, lease.route())) {
			String call = call(lease);
			String message = Exceptions.message(failure);
			String what = (message != null) ? type + ": " + MessageLines.first(message) : type;
			this.failures.add(kind, lease.route(), () -> call + ": " + what);
		}
	}

	public void refused(LeaseView lease, int waiting) {
		if (!this.failures.join(REFUSED, lease.route())) {
			String call = call(lease);
			this.failures.add(REFUSED, lease.route(), () -> call + ": " + waiting + " callers were waiting already");
		}
	}

	public void acquireTimedOut(LeaseView lease) {
		if (!this.failures.join(ACQUIRE_TIMEOUT, lease.route())) {
			String call = call(lease);
			this.failures.add(ACQUIRE_TIMEOUT, lease.route(),
					() -> call + ": no connection within the acquire timeout");
		}
	}

	/**
	 * Called when a call has exceeded its call timeout.
	 */
	public void callTimedOut(@Nullable RouteStats route, String call, Duration limit, String phase) {
		String name = (route != null) ? route.name : null;
		if (!this.failures.join(CALL_TIMEOUT, name)) {
			this.failures.add(CALL_TIMEOUT, name, () -> "%s: took longer than its call timeout of %s; it was %s"
				.formatted(call, DurationFormat.format(limit), phase));
		}
	}

	public void replayed(LeaseView stale) {
		if (!this.failures.join(REPLAYED, stale.route())) {
			String call = call(stale);
			String id = stale.held().id();
			this.failures.add(REPLAYED, stale.route(), () -> call + ": the server had closed " + id);
		}
	}

	public void leaked(LeaseView lease) {
		if (!this.failures.join(LEAK, lease.route())) {
			String call = call(lease);
			String thread = lease.thread();
			Duration heldFor = lease.heldFor();
			this.failures.add(LEAK, lease.route(),
					() -> "%s by thread '%s', held for %s".formatted(call, thread, DurationFormat.format(heldFor)));
		}
	}

	public void stayedSilent(LeaseView lease, SilentConnections silent) {
		if (!this.failures.join(STAYED_SILENT, lease.route())) {
			String call = call(lease);
			String id = lease.held().id();
			this.failures.add(STAYED_SILENT, lease.route(),
					() -> "%s idle connections were closed: %s sent no byte to %s, after %s of idleness, and they had been idle for as long"
						.formatted(silent.closed(), id, call, DurationFormat.format(silent.idle())));
		}
	}

	/**
	 * Called when a finding appears, becomes worse or better, or is over.
	 */
	void finding(@Nullable String route, String message) {
		this.changes.add(FINDING, route, () -> message);
	}

	public void resized(int maxTotal, int maxPerRoute) {
		this.changes.add(RESIZED, null, () -> "maxTotal is %s, maxPerRoute %s".formatted(maxTotal, maxPerRoute));
	}

	public void changed(SettingsChange change) {
		this.changes.add(CHANGED, null, change::toString);
	}

	public void evicted(int closed) {
		this.changes.add(EVICTED, null,
				() -> closed + " idle connections were closed; leased ones are when they are released");
	}

	private static String call(LeaseView lease) {
		String call = lease.call();
		return (call != null) ? call : "a call";
	}

}
