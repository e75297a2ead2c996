package io.github.httppool.hostile;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLException;

import io.github.httppool.CloseReason;
import io.github.httppool.hostile.Caller.Answer;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.Transport;
import org.apache.hc.client5.http.CircularRedirectException;
import org.apache.hc.client5.http.RedirectException;
import org.apache.hc.core5.http.ProtocolException;

import static io.github.httppool.hostile.Fate.KEPT;
import static io.github.httppool.hostile.Outcome.answer;
import static io.github.httppool.hostile.Outcome.failure;

/**
 * Redirects to nowhere, to everywhere, and with bodies.
 */
final class RedirectCases {

	private RedirectCases() {
	}

	static List<HostileCase> cases() {
		return List.of(

				HostileCase.of("circle", "A redirect to itself.")
					.server((exchange) -> redirect(exchange, "/case"))
					.gets(failure(CircularRedirectException.class, "Circular redirect"), 5, KEPT),

				HostileCase.of("without end", "Each redirect leads to a new place.")
					.server((exchange) -> redirect(exchange, exchange.path() + "1"))
					.gets(failure(RedirectException.class, "Maximum redirects (50) exceeded"), 5, KEPT),

				HostileCase.of("no Location", "A 302 without a `Location`.")
					.server((exchange) -> exchange.status(302, "where?"))
					.gets(answer(302, "where?"), 5, KEPT),

				HostileCase.of("invalid Location", "A `Location` that is not a URI.")
					.server((exchange) -> redirect(exchange, "http://[::"))
					.gets(failure(ProtocolException.class, "redirects to a location that is not a valid URI"), 5, KEPT),

				HostileCase.of("empty Location", "A `Location` without a value.")
					.server((exchange) -> redirect(exchange, ""))
					.gets(failure(CircularRedirectException.class, "Circular redirect"), 5, KEPT),

				HostileCase.of("above the root", "A `Location` with more `..` than path segments.")
					.server((exchange) -> toPath(exchange, "../../../found"))
					.gets(answer(200, "/found"), 5, KEPT),

				HostileCase.of("query alone", "A `Location` that consists of a query.")
					.server((exchange) -> toPath(exchange, "?found"))
					.gets(answer(200, "/case?found"), 5, KEPT),

				HostileCase.of("empty folder", "A `Location` with two consecutive slashes, which must be kept.")
					.server((exchange) -> toPath(exchange, "/a//b"))
					.gets(answer(200, "/a//b"), 5, KEPT),

				HostileCase.of("non-ASCII Location", "A `Location` with unencoded UTF-8; the request encodes it.")
					.server((exchange) -> toPath(exchange, "/caf\u00c3\u00a9"))
					.gets(answer(200, "/caf%C3%A9"), 5, KEPT),

				HostileCase.of("to port 0", "A redirect to port 0, which does not mean the default port of the scheme.")
					.server((exchange) -> redirect(exchange, "http://127.0.0.1:0/"))
					.gets(failure(ConnectException.class, "0 is no port to connect to"), 5, KEPT),

				HostileCase.of("to a negative port", "A redirect to port -1.")
					.server((exchange) -> redirect(exchange, "http://127.0.0.1:-1/"))
					.gets(failure(ProtocolException.class, "redirects to a location that is not a valid URI"), 5, KEPT),

				HostileCase.of("to another scheme", "A redirect to `ftp://`.")
					.server((exchange) -> redirect(exchange, "ftp://files.example/"))
					.gets(failure(ProtocolException.class, "ftp"), 5, KEPT),

				HostileCase.of("to a file", "A redirect to `file:///etc/passwd`.")
					.server((exchange) -> redirect(exchange, "file:///etc/passwd"))
					.gets(failure(ProtocolException.class, "redirects to a location without a valid host"), 5, KEPT),

				HostileCase.of("to a dead port", "A redirect to a port on which no process listens.")
					.server((exchange) -> redirect(exchange, "http://127.0.0.1:1/"))
					.gets(failure(ConnectException.class, "refused"), 5, KEPT),

				HostileCase.of("to TLS where there is none", "A redirect from plain HTTP to `https` on the same port.")
					.over(Transport.PLAIN)
					.server((exchange) -> redirect(exchange, "https://" + exchange.request().header("Host") + "/other"))
					.with("tls-handshake-timeout=2s")
					.gets(failure(SSLException.class, ""), 5, KEPT),

				HostileCase.of("endless body", "A redirect whose body drips a byte every 20 ms, without end.")
					.server((exchange) -> {
						if (exchange.path().equals("/case")) {
							exchange.head(302, "Location: /other", "Transfer-Encoding: chunked")
								.drip("1\r\nx\r\n", Duration.ofMillis(20));
						}
						exchange.ok("hello");
					})
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.DRAIN_TIME)),

				HostileCase.of("gigabyte body", "A redirect with a length of one gibibyte, of which nothing is sent.")
					.server((exchange) -> {
						if (exchange.path().equals("/case")) {
							exchange.head(302, "Location: /other", "Content-Length: " + (1L << 30)).stall();
						}
						exchange.ok("hello");
					})
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.DRAIN_BYTES)),

				HostileCase.of("truncated body", "A redirect with half a body, then the connection closed.")
					.server((exchange) -> {
						if (exchange.path().equals("/case")) {
							exchange.head(302, "Location: /other", "Content-Length: 10").sendRaw("hello").close();
						}
						exchange.ok("hello");
					})
					.with("drain.max-time=5s")
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.ERROR)),

				HostileCase.of("closes after the redirect", "A redirect with `Connection: close`.")
					.server((exchange) -> {
						if (exchange.path().equals("/case")) {
							exchange.head(302, "Location: /other", "Content-Length: 0", "Connection: close").close();
						}
						exchange.ok("hello");
					})
					.gets(answer(200, "hello"), 5, Fate.keptBeside(CloseReason.SERVER_CLOSE)),

				HostileCase
					.of("to another origin with a secret",
							"A redirect to another host name; the caller sent `Authorization` and `Cookie`.")
					.over(Transport.PLAIN)
					.server((exchange) -> {
						String host = exchange.request().header("Host");
						if (host.startsWith("127.0.0.1")) {
							redirect(exchange, "http://" + host.replace("127.0.0.1", "localhost") + "/other");
						}
						else {
							exchange.ok(secrets(exchange));
						}
					})
					.caller(RedirectCases::withSecrets)
					.gets(answer(200, "null, null"), 5, KEPT),

				HostileCase
					.of("within the origin with a secret",
							"A redirect to another path; the caller sent `Authorization` and `Cookie`.")
					.server((exchange) -> {
						if (exchange.path().equals("/case")) {
							redirect(exchange, "/other");
						}
						else {
							exchange.ok(secrets(exchange));
						}
					})
					.caller(RedirectCases::withSecrets)
					.gets(answer(200, "Basic secret, id=secret"), 5, KEPT),

				HostileCase
					.of("307 of a POST", "A `POST` is redirected to another path, which must get the body again.")
					.server((exchange) -> {
						if (exchange.path().equals("/case")) {
							exchange.head(307, "Location: /other", "Content-Length: 0");
						}
						else {
							exchange.ok(exchange.method() + " " + exchange.request().bodyText());
						}
					})
					.caller(Caller.POSTS)
					.gets(answer(200, "POST short"), 5, KEPT),

				HostileCase.of("303 of a POST", "A `POST` is redirected to a `GET`.").server((exchange) -> {
					if (exchange.path().equals("/case")) {
						exchange.head(303, "Location: /other", "Content-Length: 0");
					}
					else {
						exchange.ok(exchange.method() + exchange.request().bodyText());
					}
				}).caller(Caller.POSTS).gets(answer(200, "GET"), 5, KEPT),

				HostileCase.of("two Locations", "A redirect with two `Location` fields; the first is followed.")
					.server((exchange) -> {
						if (exchange.path().equals("/case")) {
							exchange.head(302, "Location: /one", "Location: /two", "Content-Length: 0");
						}
						else {
							exchange.ok(exchange.path());
						}
					})
					.gets(answer(200, "/one"), 5, KEPT));
	}

	private static void redirect(Exchange exchange, String location) throws IOException {
		exchange.head(302, "Location: " + location, "Content-Length: 0");
	}

	/**
	 * Redirect the case, and answer the next request with what it asks for.
	 */
	private static void toPath(Exchange exchange, String location) throws IOException {
		if (exchange.path().equals("/case")) {
			redirect(exchange, location);
		}
		else {
			exchange.ok(exchange.path());
		}
	}

	private static String secrets(Exchange exchange) {
		return exchange.request().header("Authorization") + ", " + exchange.request().header("Cookie");
	}

	private static Answer withSecrets(Scene scene) {
		return Answer.of(scene.client()
			.get()
			.uri("/case")
			.header("Authorization", "Basic secret")
			.header("Cookie", "id=secret")
			.retrieve()
			.toEntity(String.class));
	}

}
