package io.github.httppool.testing;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.httppool.CallInfo;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.PooledConnectionInfo;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A listener that remembers the names of all events, and the connections that were opened
 * and closed. It notices events in the wrong order.
 */
public final class RecordedEvents {

	/** The steps of a call on a new connection with TLS, up to its response. */
	public static final List<String> STEPS = List.of("callStarted", "acquireStarted", "acquireEnded", "dnsStarted",
			"dnsEnded", "connectStarted", "connectEnded", "tlsStarted", "tlsEnded", "connectionOpened",
			"requestHeadSent", "requestSent", "firstByteReceived", "responseStarted");

	public final List<String> names = new CopyOnWriteArrayList<>();

	public final Map<String, CloseReason> closed = new ConcurrentHashMap<>();

	public final Map<String, Long> ageMillis = new ConcurrentHashMap<>();

	public final List<String> mistakes = new CopyOnWriteArrayList<>();

	/** Steps of leases in another order than the documented one. */
	final List<String> disorder = new CopyOnWriteArrayList<>();

	private final Map<String, Boolean> opened = new ConcurrentHashMap<>();

	/** The calls by number, and whether each is in progress. */
	private final Map<Long, Boolean> calls = new ConcurrentHashMap<>();

	private final Map<LeaseInfo, String> leases = new ConcurrentHashMap<>();

	private volatile Consumer<String> hook = (event) -> {
	};

	/** The listener for the pool. */
	public final HttpPoolListener listener = listener((proxy, method, arguments) -> {
		String event = method.getName();
		this.names.add(event);
		switch (event) {
			case "connectionOpened" -> opened((PooledConnectionInfo) arguments[1]);
			case "connectionClosed" -> closed((PooledConnectionInfo) arguments[0], (CloseReason) arguments[1]);
			case "callStarted" -> this.calls.put(((CallInfo) arguments[0]).id(), true);
			case "callEnded" -> callEnded((CallInfo) arguments[0]);
			case "acquireStarted", "acquireEnded", "requestHeadSent", "requestSent", "firstByteReceived",
					"responseStarted", "bodyEnded", "drained", "leakDetected", "released" ->
				step((LeaseInfo) arguments[0], event);
		}
		this.hook.accept(event);
		return null;
	});

	/**
	 * Create a listener that handles all events in one method.
	 */
	public static HttpPoolListener listener(InvocationHandler handler) {
		return (HttpPoolListener) Proxy.newProxyInstance(RecordedEvents.class.getClassLoader(),
				new Class<?>[] { HttpPoolListener.class }, (proxy, method, arguments) -> {
					if (method.getDeclaringClass() == Object.class) {
						return method.invoke(handler, arguments);
					}
					return handler.invoke(proxy, method, arguments);
				});
	}

	/**
	 * Run an action at the next event of a name, in the thread of the event.
	 */
	public void once(String event, Runnable action) {
		this.hook = (name) -> {
			if (name.equals(event)) {
				this.hook = (other) -> {
				};
				action.run();
			}
		};
	}

	private void opened(PooledConnectionInfo connection) {
		if (this.opened.put(connection.id(), true) != null) {
			this.mistakes.add("opened twice: " + connection.id());
		}
	}

	private void closed(PooledConnectionInfo connection, CloseReason reason) {
		this.ageMillis.put(connection.id(), connection.age().toMillis());
		if (!this.opened.containsKey(connection.id())) {
			this.mistakes.add("closed, never opened: " + connection.id());
		}
		if (this.closed.put(connection.id(), reason) != null) {
			this.mistakes.add("closed twice: " + connection.id());
		}
	}

	private void callEnded(CallInfo call) {
		if (!Boolean.TRUE.equals(this.calls.put(call.id(), false))) {
			this.mistakes.add("ended twice, or never started: call " + call.id());
		}
	}

	private void step(LeaseInfo lease, String event) {
		String before = event.equals("released") ? this.leases.remove(lease) : this.leases.put(lease, event);
		boolean expected = switch (event) {
			case "acquireStarted" -> before == null;
			case "acquireEnded" -> "acquireStarted".equals(before);
			default -> before != null && !"acquireStarted".equals(before);
		};
		if (!expected) {
			this.disorder.add(event + " after " + before);
		}
	}

	/**
	 * Assert that each opened connection is idle or was closed once, that all calls have
	 * ended, and that all steps came in order.
	 */
	public void assertComplete(PoolSnapshot snapshot) {
		assertThat(this.disorder).isEmpty();
		assertConnectionsComplete(snapshot);
	}

	/**
	 * Assert the same without the order of steps. If another thread cancels a call in the
	 * middle of a step, the end of that step is reported after the release.
	 */
	public void assertConnectionsComplete(PoolSnapshot snapshot) {
		assertAccounted(snapshot);
		assertThat((long) this.opened.size()).isEqualTo(snapshot.totals().opened());
		soon().untilAsserted(() -> assertThat(this.calls).doesNotContainValue(true));
		// The pool counts a close before it reports it.
		soon().untilAsserted(
				() -> assertThat(this.opened.size()).isEqualTo(this.closed.size() + snapshot.connections().idle()));
		assertThat(this.mistakes).isEmpty();
	}

	public static void assertAccounted(PoolSnapshot snapshot) {
		long closed = snapshot.totals().closed().values().stream().mapToLong(Long::longValue).sum();
		assertThat(snapshot.totals().opened()).as("opened of %s", snapshot)
			.isEqualTo(closed + snapshot.connections().idle() + snapshot.connections().leased());
		for (PoolSnapshot.Route route : snapshot.routes()) {
			long closedOfRoute = route.totals().closed().values().stream().mapToLong(Long::longValue).sum();
			assertThat(route.totals().opened()).as("opened of %s", route)
				.isEqualTo(closedOfRoute + route.connections().idle() + route.connections().leased());
		}
	}

}
