package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.PoolEvent;
import io.github.httppool.testing.FixedAddresses;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that an exception of an application's code reaches the caller unchanged, whatever
 * its class does. The code that explains exceptions must neither replace it nor hang.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UserExceptionTests {

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	static Stream<IOException> unspeakable() {
		return Stream.of(new Unspeakable(), new IOException("of a user", new Unspeakable()),
				new SSLException("of a user", new Unspeakable()), new UnspeakableTls(), circle());
	}

	@ParameterizedTest
	@MethodSource("unspeakable")
	void failureOfATlsStrategyReachesTheCaller(IOException failure) {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = failing(SystemDefaultDnsResolver.INSTANCE, failure)) {
			for (int i = 0; i < 3; i++) {
				assertThat(chain(catchThrowable(() -> pool.get(https(upstream))))).anyMatch((one) -> one == failure);
			}
			assertThat(pool.leased()).isZero();
			assertThat(pool.pool.events()).extracting(PoolEvent::type).contains(PoolEvent.Type.CONNECT_FAILED);
			assertThat(pool.pool.findings()).isNotNull();
		}
	}

	@Test
	void failureOfADnsResolverReachesTheCaller() {
		UnknownHostException failure = new UnspeakableHost();
		DnsResolver resolver = new SystemDefaultDnsResolver() {

			@Override
			public InetAddress[] resolve(String host) throws UnknownHostException {
				throw failure;
			}

			@Override
			public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
				throw failure;
			}

		};
		try (PoolFixture pool = failing(resolver, new IOException())) {
			assertThat(chain(catchThrowable(() -> pool.get(URI.create("http://orders.example/")))))
				.anyMatch((one) -> one == failure);
			assertThat(pool.leased()).isZero();
		}
	}

	/**
	 * As code does that makes one exception for all cases.
	 */
	@Test
	void oneFailureForAllAddressesReachesTheCallerAndDoesNotGrow() {
		IOException failure = new Unspeakable();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO)) {
			InetSocketAddress address = new InetSocketAddress("127.0.0.1", upstream.port());
			try (PoolFixture pool = failing(new FixedAddresses(new InetSocketAddress("127.0.0.3", 1), address, address),
					failure)) {
				for (int i = 0; i < 3; i++) {
					assertThat(catchThrowable(() -> pool.get(https(upstream)))).isSameAs(failure);
				}
				assertThat(failure.getSuppressed()).isEmpty();
			}
		}
	}

	/**
	 * Listeners get exceptions, so errors are wrapped for them.
	 */
	@Test
	void errorWhileTheRequestIsSentReachesTheCallerDespiteListeners() throws Exception {
		RecordedEvents events = new RecordedEvents();
		Error failure = new UnspeakableError();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.with((settings) -> {
				}, events.listener)) {
			HttpPost post = new HttpPost(upstream.uri("/"));
			post.setEntity(new EntityTemplate(-1, ContentType.TEXT_PLAIN, null, (output) -> {
				throw failure;
			}));
			assertThat(catchThrowable(() -> pool.read(post))).isSameAs(failure);
			assertThat(pool.leased()).isZero();
			assertThat(events.names).containsOnlyOnce("exchangeFailed");
		}
	}

	private static URI https(ScriptedUpstream upstream) {
		return URI.create("https://localhost:" + upstream.port() + "/");
	}

	private static PoolFixture failing(DnsResolver resolver, IOException failure) {
		TlsSocketStrategy strategy = (socket, target, port, attachment, context) -> {
			throw failure;
		};
		return PoolFixture.customized((settings) -> {
		}, new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setDnsResolver(resolver);
				connections.setTlsSocketStrategy(strategy);
			}

		});
	}

	/** Of a failure and its causes, which may be a circle. */
	private static List<Throwable> chain(Throwable failure) {
		return Stream.iterate(failure, (one) -> one != null, UserExceptionTests::cause).limit(10).toList();
	}

	private static Throwable cause(Throwable failure) {
		return (failure instanceof UnspeakableTls) ? null : failure.getCause();
	}

	private static SSLException circle() {
		SSLException one = new SSLException("of a user");
		one.initCause(new IllegalStateException("of a user", one));
		return one;
	}

	private static final class Unspeakable extends IOException {

		@Override
		public String getMessage() {
			throw new IllegalStateException("not even that");
		}

	}

	private static final class UnspeakableTls extends SSLException {

		UnspeakableTls() {
			super("of a user");
		}

		@Override
		public String getMessage() {
			throw new IllegalStateException("not even that");
		}

		@Override
		public Throwable getCause() {
			throw new IllegalStateException("nor why");
		}

	}

	private static final class UnspeakableError extends Error {

		@Override
		public String getMessage() {
			throw new IllegalStateException("not even that");
		}

	}

	private static final class UnspeakableHost extends UnknownHostException {

		@Override
		public String getMessage() {
			throw new IllegalStateException("not even that");
		}

	}

}
