package io.github.httppool.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.httppool.CloseReason;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.NoHttpResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * The bytes with which a server answers one request, and assertions about the response,
 * its connection and the next call.
 */
public final class RawAnswer {

	/** A text that no exception may contain. */
	public static final String SECRET = "s3cr3t";

	private final String bytes;

	private final String method;

	private final Transport transport;

	private final boolean closes;

	private RawAnswer(String bytes, String method, Transport transport, boolean closes) {
		this.bytes = bytes;
		this.method = method;
		this.transport = transport;
		this.closes = closes;
	}

	public static RawAnswer of(String... parts) {
		return new RawAnswer(String.join("", parts), "GET", Transport.PLAIN, false);
	}

	/**
	 * Create an answer of a head and a body.
	 * @param body the body on the wire
	 * @param fields each as {@code Name: value}
	 */
	public static RawAnswer ok(String body, String... fields) {
		return of(ScriptedUpstream.Exchange.headText(200, fields), body);
	}

	public static RawAnswer chunked(String body) {
		return ok(body, "Transfer-Encoding: chunked");
	}

	public RawAnswer to(String method) {
		return new RawAnswer(this.bytes, method, this.transport, this.closes);
	}

	public RawAnswer over(Transport transport) {
		return new RawAnswer(this.bytes, this.method, transport, this.closes);
	}

	/**
	 * Let the server close the connection afterwards.
	 */
	public RawAnswer thenClose() {
		return new RawAnswer(this.bytes, this.method, this.transport, true);
	}

	/**
	 * Assert that the caller gets an exception with the reason, at the latest when it
	 * reads the body, and that the connection closes even if the body is ignored.
	 */
	public void isRefused(String flaw) throws Exception {
		isRefusedWhenRead(flaw);
		run((exchange) -> {
			try {
				exchange.ignore("/raw");
			}
			catch (IOException ex) {
				assertThat(ex).hasMessageContaining(flaw);
			}
			exchange.assertNotKept(CloseReason.ERROR, CloseReason.DRAIN_TIME);
		});
	}

	/**
	 * Assert that the connection ended before the head of a response was complete.
	 */
	public void isNoResponse() throws Exception {
		run((exchange) -> {
			assertThatIOException().isThrownBy(() -> exchange.call("/raw"))
				.isInstanceOf(NoHttpResponseException.class)
				.withMessageContaining("before the head of a response had come")
				.satisfies((ex) -> assertThat(ex.toString()).doesNotContain(SECRET));
			exchange.assertNotKept(CloseReason.ERROR);
		});
	}

	public void isRefusedWhenRead(String flaw) throws Exception {
		run((exchange) -> {
			assertThatIOException().isThrownBy(() -> exchange.call("/raw"))
				.withMessageContaining(flaw)
				.withMessageContaining("Broken response from " + exchange.upstream.url() + " (pool 'default')")
				.satisfies((ex) -> assertThat(ex.toString()).doesNotContain(SECRET));
			exchange.assertNotKept(CloseReason.ERROR);
		});
	}

	/**
	 * Assert that the caller gets the body, and that the connection closes for a reason.
	 */
	public void isReadAndNotKept(String body, CloseReason reason) throws Exception {
		run((exchange) -> {
			assertThat(exchange.call("/raw")).isEqualTo(body);
			exchange.assertNotKept(reason);
		});
		run((exchange) -> {
			exchange.ignore("/raw");
			exchange.assertNotKept(reason);
		});
	}

	/**
	 * Assert that the caller gets the body, and that the connection serves the next call
	 * even if the body is ignored.
	 */
	public void isReadAndKept(String body) throws Exception {
		run((exchange) -> {
			assertThat(exchange.call("/raw")).isEqualTo(body);
			exchange.assertKept();
		});
		run((exchange) -> {
			exchange.ignore("/raw");
			exchange.assertKept();
		});
	}

	private void run(Step step) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			if (!exchange.path().equals("/raw")) {
				exchange.ok("next");
				return;
			}
			exchange.sendRaw(this.bytes);
			if (this.closes) {
				exchange.close();
			}
		};
		try (ScriptedUpstream upstream = this.transport.start(script); PoolFixture pool = PoolFixture.withDefaults()) {
			step.run(new Try(upstream, pool, this.method));
		}
	}

	private interface Step {

		void run(Try exchange) throws Exception;

	}

	private record Try(ScriptedUpstream upstream, PoolFixture pool, String method) {

		String call(String path) throws IOException {
			return execute(path, true);
		}

		void ignore(String path) throws IOException {
			execute(path, false);
		}

		private String execute(String path, boolean read) throws IOException {
			long started = System.nanoTime();
			try (CloseableHttpResponse response = this.pool
				.open(new HttpUriRequestBase(this.method, this.upstream.uri(path)))) {
				HttpEntity entity = read ? response.getEntity() : null;
				return (entity != null) ? new String(entity.getContent().readAllBytes(), StandardCharsets.ISO_8859_1)
						: "";
			}
			finally {
				assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(5));
				assertThat(this.pool.leased()).isZero();
			}
		}

		void assertNotKept(CloseReason... anyOf) throws IOException {
			assertThat(this.pool.snapshot().connections().idle()).isZero();
			Map<CloseReason, Long> closed = this.pool.snapshot().totals().closed();
			assertThat(closed).hasSize(1).containsValue(1L);
			assertThat(anyOf).containsAll(closed.keySet());
			assertThat(this.pool.get(this.upstream.uri("/next"))).isEqualTo("next");
			assertThat(this.upstream.accepted()).isEqualTo(2);
			assertThat(this.pool.leased()).isZero();
		}

		void assertKept() throws IOException {
			assertThat(this.pool.get(this.upstream.uri("/next"))).isEqualTo("next");
			assertThat(this.upstream.accepted()).isEqualTo(1);
			assertThat(this.pool.snapshot().totals().closed()).isEmpty();
			assertThat(this.pool.leased()).isZero();
		}

	}

}
