package io.github.httppool.hc5;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.httppool.AcquireOutcome;
import io.github.httppool.CallInfo;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.github.httppool.TlsInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells several listeners. What one of them throws harms nobody and is logged once for
 * each class of listener. Callers ask {@link #present()} first, so that nothing is done
 * where nobody listens.
 */
final class Listeners implements HttpPoolListener {

	private static final Logger log = LoggerFactory.getLogger(HttpPoolListener.class);

	private static final long LONGEST_FAREWELL = TimeUnit.SECONDS.toNanos(1);

	private final HttpPoolListener[] listeners;

	private final Messenger[] messengers;

	private final Set<Class<?>> reported = ConcurrentHashMap.newKeySet();

	Listeners(String pool, Collection<? extends HttpPoolListener> listeners) {
		this.listeners = listeners.toArray(HttpPoolListener[]::new);
		this.messengers = listeners.stream().map((listener) -> new Messenger(pool, listener)).toArray(Messenger[]::new);
	}

	boolean present() {
		return this.listeners.length != 0;
	}

	private void tell(Consumer<HttpPoolListener> event) {
		if (Thread.currentThread() instanceof Housekeeper.Worker) {
			tellLater(event);
			return;
		}
		for (HttpPoolListener listener : this.listeners) {
			tell(listener, event);
		}
	}

	private void tell(HttpPoolListener listener, Consumer<HttpPoolListener> event) {
		try {
			event.accept(listener);
		}
		catch (Throwable ex) {
			if (this.reported.add(listener.getClass())) {
				report(listener, ex);
			}
		}
	}

	/**
	 * Tell of something that happens under the lock of HttpClient's pool, or in the
	 * housekeeper: each listener is told in a thread of its own, so that one that blocks
	 * holds up nobody.
	 * @param event what to tell; must not refer to what can be another's later
	 */
	private void tellLater(Consumer<HttpPoolListener> event) {
		for (int i = 0; i < this.listeners.length; i++) {
			HttpPoolListener listener = this.listeners[i];
			this.messengers[i].later(() -> tell(listener, event));
		}
	}

	/**
	 * Tell what is left to be told, for a second at most.
	 */
	void shutDown() {
		for (Messenger messenger : this.messengers) {
			messenger.shutDown();
		}
		long started = System.nanoTime();
		for (Messenger messenger : this.messengers) {
			messenger.awaitEnd(LONGEST_FAREWELL - (System.nanoTime() - started));
		}
	}

	private static void report(HttpPoolListener listener, Throwable thrown) {
		try {
			log.warn("Listener {} threw; the pool goes on. Further exceptions of this listener are not logged",
					listener.getClass().getName(), thrown);
		}
		catch (Throwable ex) {
			// A logger asks what was thrown for its message, which is the listener's
			// code.
		}
	}

	@Override
	public void poolCreated(HttpPool pool) {
		tell((listener) -> listener.poolCreated(pool));
	}

	@Override
	public void acquireStarted(LeaseInfo lease) {
		tell((listener) -> listener.acquireStarted(lease));
	}

	@Override
	public void acquireEnded(LeaseInfo lease, AcquireOutcome outcome, long waitedNanos, long idleNanos) {
		tell((listener) -> listener.acquireEnded(lease, outcome, waitedNanos, idleNanos));
	}

	@Override
	public void dnsStarted(LeaseInfo lease, String host) {
		tell((listener) -> listener.dnsStarted(lease, host));
	}

	@Override
	public void dnsEnded(LeaseInfo lease, String host, long tookNanos, @Nullable Exception failure) {
		tell((listener) -> listener.dnsEnded(lease, host, tookNanos, failure));
	}

	@Override
	public void connectStarted(LeaseInfo lease, InetSocketAddress address) {
		tell((listener) -> listener.connectStarted(lease, address));
	}

	@Override
	public void connectEnded(LeaseInfo lease, InetSocketAddress address, long tookNanos, @Nullable Exception failure) {
		tell((listener) -> listener.connectEnded(lease, address, tookNanos, failure));
	}

	@Override
	public void tlsStarted(LeaseInfo lease) {
		tell((listener) -> listener.tlsStarted(lease));
	}

	@Override
	public void tlsEnded(LeaseInfo lease, @Nullable TlsInfo tls, long tookNanos, @Nullable Exception failure) {
		tell((listener) -> listener.tlsEnded(lease, tls, tookNanos, failure));
	}

	@Override
	public void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
		tell((listener) -> listener.connectionOpened(lease, connection));
	}

	@Override
	public void callStarted(CallInfo call) {
		tell((listener) -> listener.callStarted(call));
	}

	@Override
	public void callEnded(CallInfo call, long tookNanos, @Nullable Throwable failure) {
		tell((listener) -> listener.callEnded(call, tookNanos, failure));
	}

	@Override
	public void requestHeadSent(LeaseInfo lease) {
		tell((listener) -> listener.requestHeadSent(lease));
	}

	@Override
	public void requestBodySent(LeaseInfo lease, long bytes) {
		tell((listener) -> listener.requestBodySent(lease, bytes));
	}

	@Override
	public void informationReceived(LeaseInfo lease, int status) {
		tell((listener) -> listener.informationReceived(lease, status));
	}

	@Override
	public void firstByteReceived(LeaseInfo lease) {
		tell((listener) -> listener.firstByteReceived(lease));
	}

	@Override
	public void bodyEnded(LeaseInfo lease, long bytes) {
		tell((listener) -> listener.bodyEnded(lease, bytes));
	}

	@Override
	public void exchangeFailed(LeaseInfo lease, Exception failure) {
		tell((listener) -> listener.exchangeFailed(lease, failure));
	}

	@Override
	public void requestSent(LeaseInfo lease) {
		tell((listener) -> listener.requestSent(lease));
	}

	@Override
	public void responseStarted(LeaseInfo lease, int status) {
		tell((listener) -> listener.responseStarted(lease, status));
	}

	@Override
	public void replayed(LeaseInfo stale) {
		tell((listener) -> listener.replayed(stale));
	}

	@Override
	public void drained(LeaseInfo lease, DrainOutcome outcome, long bytes, long tookNanos) {
		tell((listener) -> listener.drained(lease, outcome, bytes, tookNanos));
	}

	@Override
	public void leakDetected(LeaseInfo lease, @Nullable Throwable caller) {
		tell((listener) -> listener.leakDetected(lease, caller));
	}

	@Override
	public void released(LeaseInfo lease, @Nullable CloseReason notKept) {
		tell((listener) -> listener.released(lease, notKept));
	}

	@Override
	public void connectionClosed(PooledConnectionInfo connection, CloseReason reason) {
		tell((listener) -> listener.connectionClosed(connection, reason));
	}

	/**
	 * A connection was closed that nobody held.
	 */
	void connectionClosedIdle(PooledConnectionInfo connection, CloseReason reason) {
		ClosedConnection closed = ClosedConnection.of(connection);
		tellLater((listener) -> listener.connectionClosed(closed, reason));
	}

}
