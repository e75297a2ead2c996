package io.github.httppool;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * Receives every step of every call and of every connection's life. Declare it as a bean;
 * an application can have several. <pre class="code">
 * &#64;Bean
 * HttpPoolListener slowConnects() {
 * 	return new HttpPoolListener() {
 *
 * 		&#64;Override
 * 		public void tlsEnded(LeaseInfo lease, &#64;Nullable TlsInfo tls, long tookNanos, &#64;Nullable Exception failure) {
 * 			log.debug("TLS with {} took {} ns", lease.route(), tookNanos);
 * 		}
 *
 * 	};
 * }
 * </pre>
 * <p>
 * The steps of a call come in this order: <pre>
 * poolCreated
 *
 * callStarted
 *  │
 *  ├─ a lease: one, and one more for each redirect and after replayed
 *  │   │
 *  │   ├─ acquireStarted ─ acquireEnded ─┬─ no connection: nothing more of this lease
 *  │   │                                 ├─ reused
 *  │   │                                 └─ opened
 *  │   │    ┌─────────────────────────────────┘
 *  │   │    └─ dns ─ connect, for each address ─ tls ─ connectionOpened
 *  │   │
 *  │   ├─ an exchange: one, and one more for each challenge and for CONNECT
 *  │   │   │
 *  │   │   ├─ requestHeadSent ─ requestBodySent ─ requestSent
 *  │   │   ├─ firstByteReceived ─ informationReceived, any number ─ responseStarted
 *  │   │   └─ bodyEnded ─ drained
 *  │   │
 *  │   └─ released ─ connectionClosed, if it is not kept ─ replayed
 *  │
 * callEnded
 * </pre>
 * <ul>
 * <li>{@code dns}, {@code connect} and {@code tls} each have a start and an end. In a
 * tunnel, {@code tls} follows the exchanges with {@code CONNECT}.</li>
 * <li>While a connect attempt is pending, {@code connect} of the next address can begin.
 * Each start has its end. At most one attempt of a lease succeeds.</li>
 * <li>With {@code Expect: 100-continue}, the body comes after {@code requestSent}:
 * usually after {@code informationReceived}, and never if the server answers without
 * asking for the body.</li>
 * <li>If a server answers before it has received the whole request,
 * {@code requestBodySent} and {@code requestSent} do not occur.</li>
 * <li>{@code bodyEnded} occurs when the body has been read to its end. Without a body, it
 * occurs immediately, with 0 bytes. {@code drained} occurs if the caller left a part of
 * the body unread: after {@code bodyEnded}, or without it if the rest exceeded a
 * limit.</li>
 * <li>{@code exchangeFailed} occurs at most once, and replaces the remaining steps of its
 * exchange.</li>
 * <li>After a failure, the steps that would have followed do not occur. Some events
 * always occur: {@code released} after each successful {@code acquireEnded},
 * {@code connectionClosed} exactly once for each {@code connectionOpened}, and
 * {@code callEnded} exactly once for each {@code callStarted}.</li>
 * <li>{@code leakDetected} can occur at any time between {@code acquireEnded} and
 * {@code released}, at most once.</li>
 * <li>An idle connection can be closed at any time.</li>
 * <li>If another thread cancels a call or closes its response, that thread releases the
 * connection. The end of a step in progress, such as {@code exchangeFailed}, can occur
 * after that, but before {@code callEnded}. A later read causes no event.</li>
 * </ul>
 * {@code callEnded} follows the end of the last lease, with its {@code released} and
 * {@code connectionClosed}. By then, the caller has read or closed the response, or the
 * pool has reclaimed a lost one. A response without a body ends its call before the
 * caller gets it. A failed call has ended, and holds no connection, when its exception
 * leaves HttpClient.
 * <p>
 * {@link LeaseInfo#callId()} is the {@link CallInfo#id()} of the call to which a lease
 * belongs.
 * <p>
 * <strong>Threads:</strong> Methods must be thread-safe. The pool calls them in the
 * thread of the step, which is the thread of the caller. A method that blocks delays that
 * call, but no other. Leaks and the end of a connection that is not leased are reported a
 * little later, in a daemon thread of the listener. A listener that falls behind there by
 * 10,000 events misses the next ones.
 * <p>
 * <strong>Exceptions</strong> thrown by listeners are logged and ignored.
 * <p>
 * <strong>Shutdown:</strong> Pools close after all beans. A listener therefore still
 * receives events of calls that other beans make after Spring has destroyed the listener.
 * <p>
 * <strong>Arguments:</strong> Times are in nanoseconds. Arguments are valid for the
 * duration of the method, and {@code null} only if they are annotated with
 * {@code @Nullable}.
 *
 * @since 0.1.0
 */
public interface HttpPoolListener {

	/**
	 * Called when a pool opens on its first use.
	 * @param pool the pool
	 */
	default void poolCreated(HttpPool pool) {
	}

	/**
	 * Called when a call begins.
	 * @param call the call
	 */
	default void callStarted(CallInfo call) {
	}

	/**
	 * Called when a caller requests a connection.
	 * @param lease the lease
	 */
	default void acquireStarted(LeaseInfo lease) {
	}

	/**
	 * Called when the caller has got a connection or permission to open one, or has been
	 * rejected.
	 * @param lease the lease
	 * @param outcome how the request for a connection ended
	 * @param waitedNanos time since {@code acquireStarted}
	 * @param idleNanos how long a reused connection had been idle, otherwise -1
	 */
	default void acquireEnded(LeaseInfo lease, AcquireOutcome outcome, long waitedNanos, long idleNanos) {
	}

	/**
	 * Called when the lookup of the host's addresses begins.
	 * @param lease the lease
	 * @param host the host's name
	 */
	default void dnsStarted(LeaseInfo lease, String host) {
	}

	/**
	 * Called when the lookup of the host's addresses has ended.
	 * @param lease the lease
	 * @param host the host's name
	 * @param tookNanos time since {@code dnsStarted}
	 * @param failure why it failed, or {@code null}
	 */
	default void dnsEnded(LeaseInfo lease, String host, long tookNanos, @Nullable Exception failure) {
	}

	/**
	 * Called when a TCP connect begins. Connects to several addresses of a host can
	 * overlap.
	 * @param lease the lease
	 * @param address the address
	 */
	default void connectStarted(LeaseInfo lease, InetSocketAddress address) {
	}

	/**
	 * Called when a TCP connect has ended: it was successful, it failed, or it was
	 * abandoned because another address was connected first.
	 * @param lease the lease
	 * @param address the address
	 * @param tookNanos time since {@code connectStarted}
	 * @param failure why it failed, or {@code null}
	 */
	default void connectEnded(LeaseInfo lease, InetSocketAddress address, long tookNanos, @Nullable Exception failure) {
	}

	/**
	 * Called when a TLS handshake begins.
	 * @param lease the lease
	 */
	default void tlsStarted(LeaseInfo lease) {
	}

	/**
	 * Called when a TLS handshake has ended.
	 * @param lease the lease
	 * @param tls the result, or {@code null} if it failed
	 * @param tookNanos time since {@code tlsStarted}
	 * @param failure why it failed, or {@code null}
	 */
	default void tlsEnded(LeaseInfo lease, @Nullable TlsInfo tls, long tookNanos, @Nullable Exception failure) {
	}

	/**
	 * Called when a connection is open: to the server or to the proxy, including TLS if
	 * the first hop uses it.
	 * @param lease the lease
	 * @param connection the connection
	 */
	default void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
	}

	/**
	 * Called when the request line and headers were written to the connection's buffer.
	 * Their last bytes can leave the buffer later, together with the body, but before
	 * {@link #requestSent(LeaseInfo)}.
	 * @param lease the lease
	 */
	default void requestHeadSent(LeaseInfo lease) {
	}

	/**
	 * Called when the whole body of the request was sent. Not called for a request
	 * without a body.
	 * @param lease the lease
	 * @param bytes number of bytes of the body, without the framing of chunks
	 */
	default void requestBodySent(LeaseInfo lease, long bytes) {
	}

	/**
	 * Called when the request was sent or, with {@code Expect: 100-continue}, its
	 * headers.
	 * @param lease the lease
	 */
	default void requestSent(LeaseInfo lease) {
	}

	/**
	 * Called when an interim response was read (RFC 9110 section 15.2).
	 * @param lease the lease
	 * @param status its status code, 100 to 199
	 */
	default void informationReceived(LeaseInfo lease, int status) {
	}

	/**
	 * Called once for each exchange when the first byte of a response arrives, interim or
	 * final.
	 * @param lease the lease
	 */
	default void firstByteReceived(LeaseInfo lease) {
	}

	/**
	 * Called when the status line and headers of the final response were read.
	 * @param lease the lease
	 * @param status its status code
	 */
	default void responseStarted(LeaseInfo lease, int status) {
	}

	/**
	 * Called when a request is sent again, because the server had closed the reused
	 * connection before the first byte of the response. The pool does this once for a
	 * request, with a new connection and a new lease.
	 * @param stale the lease of the stale connection
	 */
	default void replayed(LeaseInfo stale) {
	}

	/**
	 * Called when the body of the response was read to its end, by the caller or by a
	 * drain.
	 * @param lease the lease
	 * @param bytes number of bytes of the body as received, before decompression and
	 * without the framing of chunks
	 */
	default void bodyEnded(LeaseInfo lease, long bytes) {
	}

	/**
	 * Called when an exchange failed while the request was sent or the response was read.
	 * A response that the caller abandons is not a failure.
	 * @param lease the lease
	 * @param failure the exception that the caller gets; an {@code Error} is wrapped in a
	 * {@link java.util.concurrent.ExecutionException}
	 */
	default void exchangeFailed(LeaseInfo lease, Exception failure) {
	}

	/**
	 * Called when the caller closed a response without reading its body to the end, after
	 * the pool has tried to read the rest.
	 * @param lease the lease
	 * @param outcome how the drain ended
	 * @param bytes number of bytes of the body that the drain read
	 * @param tookNanos duration of the drain
	 */
	default void drained(LeaseInfo lease, DrainOutcome outcome, long bytes, long tookNanos) {
	}

	/**
	 * Called when a lease seems to be a leak. Either the caller has held it for longer
	 * than the {@linkplain HttpPoolSettings#leakDetectionThreshold() leak detection
	 * threshold} and can still release it, or the caller has lost the response without
	 * closing it, and the pool reclaims the connection.
	 * @param lease the lease
	 * @param caller stack trace of the request for the connection, or {@code null} if
	 * there is no threshold
	 */
	default void leakDetected(LeaseInfo lease, @Nullable Throwable caller) {
	}

	/**
	 * Called when the lease has ended.
	 * @param lease the lease
	 * @param notKept why the connection is closed, or {@code null} if the pool keeps it
	 */
	default void released(LeaseInfo lease, @Nullable CloseReason notKept) {
	}

	/**
	 * Called when a connection was closed: in the thread that ends its lease or, for an
	 * idle connection, in the listener's own thread.
	 * @param connection the connection
	 * @param reason why it was closed
	 */
	default void connectionClosed(PooledConnectionInfo connection, CloseReason reason) {
	}

	/**
	 * Called when a call has ended: its last response was read or closed, or it failed.
	 * This is the last event of the call, in the thread that ends it.
	 * @param call the call
	 * @param tookNanos time since {@code callStarted}
	 * @param failure the failure if the caller got no response, otherwise {@code null}; a
	 * failure while the body is read causes only
	 * {@link #exchangeFailed(LeaseInfo, Exception)}
	 */
	default void callEnded(CallInfo call, long tookNanos, @Nullable Throwable failure) {
	}

}
