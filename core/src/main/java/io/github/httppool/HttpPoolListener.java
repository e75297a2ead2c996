package io.github.httppool;

import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * Receives every step of every call and of every connection's life. Declare it as a bean;
 * an application may have several. <pre>
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
 * tunnel {@code tls} comes after the exchanges with {@code CONNECT}.</li>
 * <li>While an address has not answered, {@code connect} of the next one may begin. Each
 * start has its end, and at most one connect of a lease is successful at a time.</li>
 * <li>With {@code Expect: 100-continue} the body comes after {@code requestSent}: mostly
 * after {@code informationReceived}, and not at all where the server answers without
 * wanting it.</li>
 * <li>A server may answer before the request was sent whole: then {@code requestBodySent}
 * and {@code requestSent} do not come.</li>
 * <li>{@code bodyEnded} comes if the body was read to its end, and at once, with 0 bytes,
 * where there is none; {@code drained} if the caller left some of it: after
 * {@code bodyEnded}, or without it where the rest was too much.</li>
 * <li>{@code exchangeFailed} comes in the place of what is left of an exchange, once at
 * most.</li>
 * <li>A failure leaves out what would have followed, but {@code released} comes after
 * each {@code acquireEnded} that was successful, {@code connectionClosed} exactly once
 * for each {@code connectionOpened}, and {@code callEnded} exactly once for each
 * {@code callStarted}.</li>
 * <li>{@code leakDetected} can come at any time between {@code acquireEnded} and
 * {@code released}, once at most.</li>
 * <li>An idle connection can be closed at any time.</li>
 * <li>Where another thread cancels a call, or closes its response, that thread releases
 * its connection: the end of a step that was under way, such as {@code exchangeFailed},
 * can be told after that, but before {@code callEnded}; of a read that begins later
 * nothing is told.</li>
 * </ul>
 * {@code callEnded} is the end of the last lease, after its {@code released} and
 * {@code connectionClosed}: the caller has read or closed the response, or the pool has
 * taken back one that was lost. A response that needs no connection any more, because it
 * has no body, ends its call before the caller gets it. A call that fails has ended when
 * its exception leaves HttpClient and nothing is leased for it any more.
 * <p>
 * {@link LeaseInfo#callId()} joins what belongs to one call, {@link CallInfo#id()}.
 * <p>
 * Methods are called in the thread in which the step happens, which is the caller's, and
 * hold up that caller. Events of a connection that closes while it is not leased, and
 * those of the pool's housekeeper such as leaks, arrive a little later in a daemon thread
 * for each listener. A listener that falls behind there by 10,000 events misses the next
 * ones. Methods must be thread-safe. Exceptions thrown by listeners are logged and
 * ignored; a method that blocks delays only the call of its thread. Pools close after all
 * beans, so a listener still receives events of calls that other beans make after Spring
 * has destroyed the listener. Times are in nanoseconds. Arguments are valid for the
 * duration of the call, and {@code null} only where {@code @Nullable} says so.
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
	 * A call begins.
	 * @param call the call
	 */
	default void callStarted(CallInfo call) {
	}

	/**
	 * A caller asks for a connection.
	 * @param lease the caller's claim
	 */
	default void acquireStarted(LeaseInfo lease) {
	}

	/**
	 * The caller has a connection, or the leave to open one, or was refused.
	 * @param lease the caller's claim
	 * @param outcome how it ended
	 * @param waitedNanos time since {@code acquireStarted}
	 * @param idleNanos how long the connection had been idle, or -1 if it is not a reused
	 * one
	 */
	default void acquireEnded(LeaseInfo lease, AcquireOutcome outcome, long waitedNanos, long idleNanos) {
	}

	/**
	 * The host's addresses are looked up.
	 * @param lease the caller's claim
	 * @param host the host's name
	 */
	default void dnsStarted(LeaseInfo lease, String host) {
	}

	/**
	 * The lookup ended.
	 * @param lease the caller's claim
	 * @param host the host's name
	 * @param tookNanos time since {@code dnsStarted}
	 * @param failure why it failed, or {@code null}
	 */
	default void dnsEnded(LeaseInfo lease, String host, long tookNanos, @Nullable Exception failure) {
	}

	/**
	 * A TCP connection is opened. Connects to several addresses of a host overlap.
	 * @param lease the caller's claim
	 * @param address the address that is tried
	 */
	default void connectStarted(LeaseInfo lease, InetSocketAddress address) {
	}

	/**
	 * The TCP connection is open, or this address failed, or it was given up because
	 * another address was connected first.
	 * @param lease the caller's claim
	 * @param address the address that was tried
	 * @param tookNanos time since {@code connectStarted}
	 * @param failure why it failed, or {@code null}
	 */
	default void connectEnded(LeaseInfo lease, InetSocketAddress address, long tookNanos, @Nullable Exception failure) {
	}

	/**
	 * A TLS handshake begins.
	 * @param lease the caller's claim
	 */
	default void tlsStarted(LeaseInfo lease) {
	}

	/**
	 * The TLS handshake ended.
	 * @param lease the caller's claim
	 * @param tls what it came to, or {@code null} if it failed
	 * @param tookNanos time since {@code tlsStarted}
	 * @param failure why it failed, or {@code null}
	 */
	default void tlsEnded(LeaseInfo lease, @Nullable TlsInfo tls, long tookNanos, @Nullable Exception failure) {
	}

	/**
	 * A connection is open: to the server or to the proxy, with TLS where it belongs to
	 * the first hop.
	 * @param lease the caller's claim
	 * @param connection the connection
	 */
	default void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
	}

	/**
	 * The head of the request was written, at first into the connection's buffer: its
	 * last bytes go out together with those of the body, or of
	 * {@link #requestSent(LeaseInfo)}.
	 * @param lease the caller's claim
	 */
	default void requestHeadSent(LeaseInfo lease) {
	}

	/**
	 * The body of the request was sent to its end. Not told of a request without one.
	 * @param lease the caller's claim
	 * @param bytes how many bytes, without what chunks need
	 */
	default void requestBodySent(LeaseInfo lease, long bytes) {
	}

	/**
	 * The request was written; of one with {@code Expect: 100-continue} its head.
	 * @param lease the caller's claim
	 */
	default void requestSent(LeaseInfo lease) {
	}

	/**
	 * An interim response was read, before the final one (RFC 9110 section 15.2).
	 * @param lease the caller's claim
	 * @param status its status code, below 200
	 */
	default void informationReceived(LeaseInfo lease, int status) {
	}

	/**
	 * The first byte of a response came, interim or final. Told once for each exchange,
	 * before anything else of the response is read.
	 * @param lease the caller's claim
	 */
	default void firstByteReceived(LeaseInfo lease) {
	}

	/**
	 * The head of the final response was read.
	 * @param lease the caller's claim
	 * @param status its status code
	 */
	default void responseStarted(LeaseInfo lease, int status) {
	}

	/**
	 * The server had closed a reused connection, which showed before any byte of the
	 * response came; the request is sent again, once, over a new connection, with a lease
	 * of its own.
	 * @param stale the claim on the connection that was closed
	 */
	default void replayed(LeaseInfo stale) {
	}

	/**
	 * The body of the response was read to its end, by the caller or in a drain.
	 * @param lease the caller's claim
	 * @param bytes how many bytes of the body were read, on the wire, without what chunks
	 * need
	 */
	default void bodyEnded(LeaseInfo lease, long bytes) {
	}

	/**
	 * The exchange failed: while the request was sent, or the response read. A response
	 * that the caller gives up is no failure.
	 * @param lease the caller's claim
	 * @param failure why, as the caller sees it; an {@code Error} is wrapped in a
	 * {@link java.util.concurrent.ExecutionException}
	 */
	default void exchangeFailed(LeaseInfo lease, Exception failure) {
	}

	/**
	 * The caller closed a response without reading its body to the end.
	 * @param lease the caller's claim
	 * @param outcome how the attempt to read the rest ended
	 * @param bytes how much of the body was read for it
	 * @param tookNanos how long that took
	 */
	default void drained(LeaseInfo lease, DrainOutcome outcome, long bytes, long tookNanos) {
	}

	/**
	 * A lease seems to be leaked: it is held for longer than the
	 * {@linkplain HttpPoolSettings#leakDetectionThreshold() leak detection threshold},
	 * and may come back after all, or the caller lost the response without closing it,
	 * and the connection is taken back now. Called by the pool's housekeeper.
	 * @param lease the caller's claim
	 * @param caller where the caller took the connection, or {@code null} if there is no
	 * threshold
	 */
	default void leakDetected(LeaseInfo lease, @Nullable Throwable caller) {
	}

	/**
	 * The caller gave the connection back.
	 * @param lease the caller's claim
	 * @param notKept why the connection was not kept, or {@code null} if it was
	 */
	default void released(LeaseInfo lease, @Nullable CloseReason notKept) {
	}

	/**
	 * A connection was closed: with a lease in the thread that ends it, otherwise in the
	 * listener's own thread.
	 * @param connection the connection
	 * @param reason why
	 */
	default void connectionClosed(PooledConnectionInfo connection, CloseReason reason) {
	}

	/**
	 * A call is over: its last response was read or closed, or it failed. Told in the
	 * thread that ends it, after everything else of the call.
	 * @param call the call
	 * @param tookNanos time since {@code callStarted}
	 * @param failure why it failed before the caller had a response, or {@code null};
	 * what fails while the body is read is told by
	 * {@link #exchangeFailed(LeaseInfo, Exception)}
	 */
	default void callEnded(CallInfo call, long tookNanos, @Nullable Throwable failure) {
	}

}
