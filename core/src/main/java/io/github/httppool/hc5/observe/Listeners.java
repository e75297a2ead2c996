package io.github.httppool.hc5.observe;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CallInfo;
import io.github.httppool.CallObserver;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.TlsInfo;
import io.github.httppool.hc5.net.Housekeeper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies all listeners, and the trace log if it is enabled. Exceptions thrown by
 * listeners are logged once per listener class and ignored. Callers check
 * {@link #present()} first, so that events cost nothing without listeners.
 * <p>
 * Events are non-capturing functions, so that notifications allocate nothing during a
 * call.
 */
public final class Listeners implements HttpPoolListener {

	private static final Logger logger = LoggerFactory.getLogger(HttpPoolListener.class);

	private static final long MAX_SHUTDOWN_WAIT = TimeUnit.SECONDS.toNanos(1);

	private final TraceLog trace = new TraceLog();

	private final LogWriter log;

	private final CallEvents calls;

	/** Without the trace log. */
	private final HttpPoolListener[] listeners;

	private final HttpPoolListener[] listenersAndTrace;

	/**
	 * In the same order as the listeners.
	 */
	private final ListenerDispatcher[] dispatchers;

	private final Set<Class<?>> reported = ConcurrentHashMap.newKeySet();

	public Listeners(String pool, Collection<? extends HttpPoolListener> listeners) {
		this(pool, listeners, CallObserver.NONE);
	}

	public Listeners(String pool, Collection<? extends HttpPoolListener> listeners, CallObserver observer) {
		this.calls = new CallEvents(observer);
		this.log = new LogWriter(pool);
		this.listeners = listeners.toArray(HttpPoolListener[]::new);
		this.listenersAndTrace = Arrays.copyOf(this.listeners, this.listeners.length + 1);
		this.listenersAndTrace[this.listeners.length] = this.trace;
		this.dispatchers = Arrays.stream(this.listenersAndTrace)
			.map((listener) -> new ListenerDispatcher(pool, listener, this.log))
			.toArray(ListenerDispatcher[]::new);
	}

	/**
	 * Return the log writer for threads that must not block.
	 */
	public LogWriter log() {
		return this.log;
	}

	/**
	 * Return the events that are added to the observations of calls, with or without
	 * listeners.
	 */
	public CallEvents calls() {
		return this.calls;
	}

	/**
	 * Return whether any listener is registered or the trace log is enabled.
	 */
	public boolean present() {
		return this.listeners.length != 0 || this.trace.isOn();
	}

	private HttpPoolListener[] current() {
		return this.trace.isOn() ? this.listenersAndTrace : this.listeners;
	}

	private <A, B extends @Nullable Object, C extends @Nullable Object> void publish(Event<A, B, C> event, A about,
			B what, C why, long number, long more) {
		HttpPoolListener[] present = current();
		if (Thread.currentThread() instanceof Housekeeper.Worker) {
			notifyLater(present, event, about, what, why, number, more);
			return;
		}
		for (HttpPoolListener listener : present) {
			deliver(listener, event, about, what, why, number, more);
		}
	}

	private <A, B extends @Nullable Object, C extends @Nullable Object> void deliver(HttpPoolListener listener,
			Event<A, B, C> event, A about, B what, C why, long number, long more) {
		try {
			event.deliver(listener, about, what, why, number, more);
		}
		catch (Throwable ex) {
			if (this.reported.add(listener.getClass())) {
				report(listener, ex);
			}
		}
	}

	/**
	 * Notify listeners of an event that occurs while a lock of the pool is held, or on
	 * the housekeeper. Each listener has a thread of its own, so a blocking listener
	 * delays no other. Arguments must not refer to objects that are reused later.
	 */
	private <A, B extends @Nullable Object, C extends @Nullable Object> void notifyLater(HttpPoolListener[] present,
			Event<A, B, C> event, A about, B what, C why, long number, long more) {
		for (int i = 0; i < present.length; i++) {
			HttpPoolListener listener = present[i];
			this.dispatchers[i].enqueue(() -> deliver(listener, event, about, what, why, number, more));
		}
	}

	/**
	 * Deliver queued events, for at most one second.
	 */
	public void shutDown() {
		for (ListenerDispatcher dispatcher : this.dispatchers) {
			dispatcher.shutDown();
		}
		long started = System.nanoTime();
		for (ListenerDispatcher dispatcher : this.dispatchers) {
			dispatcher.awaitEnd(MAX_SHUTDOWN_WAIT - (System.nanoTime() - started));
		}
		this.log.shutDown();
	}

	private static void report(HttpPoolListener listener, Throwable thrown) {
		try {
			logger.warn("Listener {} threw; the pool goes on. Further exceptions of this listener are not logged",
					listener.getClass().getName(), thrown);
		}
		catch (Throwable ex) {
			// The logger calls getMessage() of the exception, which is the listener's
			// code and may throw.
		}
	}

	@Override
	public void poolCreated(HttpPool pool) {
		publish((to, a, b, c, m, n) -> to.poolCreated(a), pool, null, null, 0, 0);
	}

	@Override
	public void callStarted(CallInfo call) {
		publish((to, a, b, c, m, n) -> to.callStarted(a), call, null, null, 0, 0);
	}

	@Override
	public void acquireStarted(LeaseInfo lease) {
		publish((to, a, b, c, m, n) -> to.acquireStarted(a), lease, null, null, 0, 0);
	}

	@Override
	public void acquireEnded(LeaseInfo lease, AcquireOutcome outcome, long waitedNanos, long idleNanos) {
		publish((to, a, b, c, m, n) -> to.acquireEnded(a, b, m, n), lease, outcome, null, waitedNanos, idleNanos);
	}

	@Override
	public void dnsStarted(LeaseInfo lease, String host) {
		publish((to, a, b, c, m, n) -> to.dnsStarted(a, b), lease, host, null, 0, 0);
	}

	@Override
	public void dnsEnded(LeaseInfo lease, String host, long tookNanos, @Nullable Exception failure) {
		publish((to, a, b, c, m, n) -> to.dnsEnded(a, b, m, c), lease, host, failure, tookNanos, 0);
	}

	@Override
	public void connectStarted(LeaseInfo lease, InetSocketAddress address) {
		publish((to, a, b, c, m, n) -> to.connectStarted(a, b), lease, address, null, 0, 0);
	}

	@Override
	public void connectEnded(LeaseInfo lease, InetSocketAddress address, long tookNanos, @Nullable Exception failure) {
		publish((to, a, b, c, m, n) -> to.connectEnded(a, b, m, c), lease, address, failure, tookNanos, 0);
	}

	@Override
	public void tlsStarted(LeaseInfo lease) {
		publish((to, a, b, c, m, n) -> to.tlsStarted(a), lease, null, null, 0, 0);
	}

	@Override
	public void tlsEnded(LeaseInfo lease, @Nullable TlsInfo tls, long tookNanos, @Nullable Exception failure) {
		publish((to, a, b, c, m, n) -> to.tlsEnded(a, b, m, c), lease, tls, failure, tookNanos, 0);
	}

	@Override
	public void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
		publish((to, a, b, c, m, n) -> to.connectionOpened(a, b), lease, connection, null, 0, 0);
	}

	@Override
	public void requestHeadSent(LeaseInfo lease) {
		publish((to, a, b, c, m, n) -> to.requestHeadSent(a), lease, null, null, 0, 0);
	}

	@Override
	public void requestBodySent(LeaseInfo lease, long bytes) {
		publish((to, a, b, c, m, n) -> to.requestBodySent(a, m), lease, null, null, bytes, 0);
	}

	@Override
	public void requestSent(LeaseInfo lease) {
		publish((to, a, b, c, m, n) -> to.requestSent(a), lease, null, null, 0, 0);
	}

	@Override
	public void informationReceived(LeaseInfo lease, int status) {
		publish((to, a, b, c, m, n) -> to.informationReceived(a, (int) m), lease, null, null, status, 0);
	}

	@Override
	public void firstByteReceived(LeaseInfo lease) {
		publish((to, a, b, c, m, n) -> to.firstByteReceived(a), lease, null, null, 0, 0);
	}

	@Override
	public void responseStarted(LeaseInfo lease, int status) {
		publish((to, a, b, c, m, n) -> to.responseStarted(a, (int) m), lease, null, null, status, 0);
	}

	@Override
	public void replayed(LeaseInfo stale) {
		publish((to, a, b, c, m, n) -> to.replayed(a), stale, null, null, 0, 0);
	}

	@Override
	public void bodyEnded(LeaseInfo lease, long bytes) {
		publish((to, a, b, c, m, n) -> to.bodyEnded(a, m), lease, null, null, bytes, 0);
	}

	@Override
	public void exchangeFailed(LeaseInfo lease, Exception failure) {
		publish((to, a, b, c, m, n) -> to.exchangeFailed(a, b), lease, failure, null, 0, 0);
	}

	@Override
	public void drained(LeaseInfo lease, DrainOutcome outcome, long bytes, long tookNanos) {
		publish((to, a, b, c, m, n) -> to.drained(a, b, m, n), lease, outcome, null, bytes, tookNanos);
	}

	@Override
	public void leakDetected(LeaseInfo lease, @Nullable Throwable caller) {
		publish((to, a, b, c, m, n) -> to.leakDetected(a, b), lease, caller, null, 0, 0);
	}

	@Override
	public void released(LeaseInfo lease, @Nullable CloseReason notKept) {
		publish((to, a, b, c, m, n) -> to.released(a, b), lease, notKept, null, 0, 0);
	}

	@Override
	public void connectionClosed(PooledConnectionInfo connection, CloseReason reason) {
		publish((to, a, b, c, m, n) -> to.connectionClosed(a, b), connection, reason, null, 0, 0);
	}

	@Override
	public void callEnded(CallInfo call, long tookNanos, @Nullable Throwable failure) {
		publish((to, a, b, c, m, n) -> to.callEnded(a, m, b), call, failure, null, tookNanos, 0);
	}

	/**
	 * Called when a connection was closed while idle.
	 */
	public void connectionClosedIdle(PooledConnectionInfo connection, CloseReason reason) {
		notifyLater(current(), (to, a, b, c, m, n) -> to.connectionClosed(a, b), ClosedConnection.of(connection),
				reason, null, 0, 0);
	}

	/**
	 * An event with its arguments.
	 */
	private interface Event<A, B extends @Nullable Object, C extends @Nullable Object> {

		void deliver(HttpPoolListener to, A about, B what, C why, long number, long more);

	}

}
