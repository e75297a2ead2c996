package io.github.httppool.exceptions;

import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.PoolShutdownException;
import io.github.httppool.exceptions.Client.Level;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.util.Timeout;

/**
 * Waits that end, callers who give up, and pools that are shut down.
 */
final class CallerSituations {

	private CallerSituations() {
	}

	static List<Situation> all() {
		return List.of(

				full("no connection in time").fails(ConnectionRequestTimeoutException.class)
					.ours(AcquireTimeoutException.class),

				full("too many callers wait").fails(ConnectionRequestTimeoutException.class)
					.ours(AcquireRejectedException.class)
					.with("http-pool.max-pending=0"),

				full("interrupted while it waits for a connection").fails(RequestFailedException.class)
					.with("http-pool.acquire-timeout=20s")
					.customizer((builder) -> one(builder, 20_000))
					.meanwhile((play) -> {
						awaitAcquire(play);
						play.interrupt();
					}),

				full("cancelled while it waits for a connection").fails(CancellationException.class)
					.with("http-pool.acquire-timeout=20s")
					.customizer((builder) -> one(builder, 20_000))
					.at(Level.HTTP_CLIENT)
					.meanwhile((play) -> {
						awaitAcquire(play);
						play.cancel();
					}),

				full("shut down while it waits for a connection").fails(ConnectionRequestTimeoutException.class)
					.deliberately(PoolShutdownException.class, "HttpClient lets the caller wait until its timeout")
					.with("http-pool.acquire-timeout=20s")
					.customizer((builder) -> one(builder, 2000))
					.at(Level.HTTP_CLIENT)
					.alone()
					.meanwhile((play) -> {
						awaitAcquire(play);
						play.shutDown();
					}),

				Situation.of("call timeout")
					.onlyOurs(CallTimeoutException.class, "HttpClient has no such limit")
					.with("http-pool.call-timeout=300ms")
					.server(Exchange::stall),

				interrupted("interrupted while it waits for a response").server(Exchange::stall),

				interrupted("interrupted while it reads the body")
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").stall()),

				interrupted("interrupted while it sends the body").setUp((upstream) -> upstream.leaveBodies())
					.server((exchange) -> exchange.after(Duration.ofSeconds(20)))
					.caller((play) -> play.post(new byte[20_000_000])),

				virtual("interrupted in a virtual thread while it waits for a response").server(Exchange::stall)
					.caller((play) -> play.post(new byte[] { 1 })),

				virtual("interrupted in a virtual thread while it reads the body")
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").stall()),

				virtual("interrupted in a virtual thread while it sends the body")
					.setUp((upstream) -> upstream.leaveBodies())
					.server((exchange) -> exchange.after(Duration.ofSeconds(20)))
					.caller((play) -> play.post(new byte[20_000_000])),

				Situation.of("interrupted before the call").fails(CancellationException.class).caller((play) -> {
					Thread.currentThread().interrupt();
					play.get(Client.Reader.ALL);
				}),

				Situation.of("interrupted before a further call")
					.fails(CancellationException.class)
					.afterGoodCall()
					.caller((play) -> {
						Thread.currentThread().interrupt();
						play.get(Client.Reader.ALL);
					}),

				cancelled("cancelled while it waits for a response").fails(RequestFailedException.class)
					.server(Exchange::stall)
					.meanwhile((play) -> {
						play.awaitRequest();
						play.cancel();
					}),

				cancelled("cancelled while it reads the body").fails(SocketException.class)
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").stall())
					.caller(Play::getInParts)
					.meanwhile((play) -> {
						play.awaitReading();
						play.cancel();
					}),

				cancelled("cancelled while it sends the body").fails(RequestFailedException.class)
					.setUp((upstream) -> upstream.leaveBodies())
					.server((exchange) -> exchange.after(Duration.ofSeconds(20)))
					.caller((play) -> play.post(new byte[20_000_000]))
					.meanwhile((play) -> {
						play.awaitRequest();
						play.cancel();
					}),

				cancelled("cancelled in the handshake").fails(RequestFailedException.class)
					.over(Way.TLS, Way.TUNNEL)
					.onHello((connection) -> connection.awaitClientClose(Duration.ofSeconds(20)))
					.meanwhile((play) -> {
						play.awaitConnection();
						play.cancel();
					}),

				Situation.of("cancelled while it connects")
					.fails(RequestFailedException.class)
					.at(Level.HTTP_CLIENT)
					.target((play) -> OpeningSituations.DEAD.uri())
					.meanwhile((play) -> {
						play.awaitWaiting();
						play.cancel();
					}),

				cancelled("shut down while it waits for a response").fails(IllegalStateException.class)
					.deliberately(PoolShutdownException.class, "HttpClient tries again, and finds its pool shut down")
					.server(Exchange::stall)
					.alone()
					.meanwhile((play) -> {
						play.awaitRequest();
						play.shutDown();
					})
					.with("spring.lifecycle.timeout-per-shutdown-phase=100ms"),

				cancelled("shut down while it reads the body").fails(SocketException.class)
					.ours(PoolShutdownException.class)
					.server((exchange) -> exchange.head(200, "Content-Length: 10").sendRaw("hello").stall())
					.caller(Play::getInParts)
					.alone()
					.meanwhile((play) -> {
						play.awaitReading();
						play.shutDown();
					})
					.with("spring.lifecycle.timeout-per-shutdown-phase=100ms"),

				Situation.of("shut down before the call")
					.fails(IllegalStateException.class)
					.deliberately(PoolShutdownException.class,
							"Spring Boot closes no HttpClient with the context; one that is closed throws a RuntimeException")
					.at(Level.HTTP_CLIENT)
					.alone()
					.afterGoodCall()
					.caller((play) -> {
						play.shutDown();
						play.get(Client.Reader.ALL);
					}));
	}

	private static void awaitAcquire(Play play) {
		play.awaitWaiting();
	}

	private static Situation virtual(String name) {
		return Situation.of(name)
			.inVirtualThread()
			.over(Way.PLAIN, Way.TLS, Way.TUNNEL)
			.fails(SocketException.class)
			.meanwhile((play) -> {
				play.awaitRequest();
				play.interrupt();
			});
	}

	/**
	 * In virtual threads, of which Java 17 has none, HttpClient does the same.
	 */
	private static Situation interrupted(String name) {
		return Situation.of(name)
			.over(Way.PLAIN, Way.TLS, Way.TUNNEL)
			.onlyOurs(SocketException.class, "HttpClient continues, except in a virtual thread")
			.meanwhile((play) -> {
				play.awaitRequest();
				play.interrupt();
			});
	}

	private static Situation cancelled(String name) {
		return Situation.of(name).at(Level.HTTP_CLIENT).over(Way.PLAIN, Way.TLS, Way.SOCKS, Way.PROXY, Way.TUNNEL);
	}

	private static Situation full(String name) {
		return Situation.of(name)
			.with("http-pool.max-per-route=1", "http-pool.acquire-timeout=300ms")
			.customizer((builder) -> one(builder, 300))
			.server(Exchange::stall)
			.before(Play::occupy);
	}

	private static org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder one(
			org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder builder, long millis) {
		return builder.withConnectionManagerCustomizer((connections) -> connections.setMaxConnPerRoute(1))
			.withDefaultRequestConfigCustomizer(
					(requests) -> requests.setConnectionRequestTimeout(Timeout.ofMilliseconds(millis)));
	}

}
