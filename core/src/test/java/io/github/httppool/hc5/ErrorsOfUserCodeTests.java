package io.github.httppool.hc5;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.net.ssl.SSLSocket;

import io.github.httppool.AcquireRejectedException;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.hc5.exec.ReuseStrategy;
import io.github.httppool.hc5.pool.ConnectionPool;
import io.github.httppool.hc5.pool.PooledConnection;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Scripts;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.DefaultRedirectStrategy;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.test.util.ReflectionTestUtils;

import static io.github.httppool.testing.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that no exception of an application's code costs a connection or a slot of the
 * pool, wherever the code is called.
 */
@Tag("waiting")
@Timeout(60)
class ErrorsOfUserCodeTests {

	/** Repeated more often than there are places, so that one lost place would show. */
	private static final int MAX_PER_ROUTE = 2;

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	/** Where code of users runs in a call. */
	enum Place {

		ROUTE_PLANNER, FIRST_REQUEST_INTERCEPTOR, LAST_REQUEST_INTERCEPTOR, FIRST_RESPONSE_INTERCEPTOR,
		LAST_RESPONSE_INTERCEPTOR, OUTER_EXEC_BEFORE, OUTER_EXEC_AFTER, INNER_EXEC_BEFORE, INNER_EXEC_AFTER,
		REQUEST_EXECUTOR_BEFORE, REQUEST_EXECUTOR_AFTER, KEEP_ALIVE_STRATEGY, REUSE_STRATEGY, REDIRECT_STRATEGY,
		RETRY_STRATEGY, DNS_RESOLVER, PORT_RESOLVER, SOCKET_CONFIG, TLS_CONFIG, TLS_STRATEGY_BEFORE, TLS_STRATEGY_AFTER,
		HOSTNAME_VERIFIER, REQUEST_BODY_BEGUN, REQUEST_BODY_ENDED, RESPONSE_HANDLER_BEFORE, RESPONSE_HANDLER_AFTER

	}

	static Stream<Place> places() {
		return Stream.of(Place.values());
	}

	static List<Throwable> failures() {
		return List.of(new IllegalStateException("of a user"), new OutOfMemoryError("of a user"),
				new StackOverflowError("of a user"), new AssertionError("of a user"),
				new NoClassDefFoundError("of a user"), new Death(), new Undeclared());
	}

	@ParameterizedTest
	@MethodSource("places")
	void anyExceptionCostsNeitherAConnectionNorASlot(Place place) throws Exception {
		RecordedEvents events = new RecordedEvents();
		Traps traps = new Traps();
		try (ScriptedUpstream upstream = isAtConnecting(place) ? ScriptedUpstream.tls(HELLO)
				: ScriptedUpstream.plain(HELLO);
				PoolFixture pool = PoolFixture.customized(
						(settings) -> settings.maxPerRoute(MAX_PER_ROUTE).maxPending(0), traps, events.listener)) {
			for (Throwable failure : failures()) {
				for (int i = 0; i <= MAX_PER_ROUTE; i++) {
					if (i == 0) {
						pool.pool.evict();
					}
					if (isAtConnecting(place)) {
						pool.pool.evict();
					}
					traps.set(place, failure);
					Throwable thrown = catchThrowable(() -> traps.call(pool, local(upstream)));
					assertThat(traps.isSprung()).as("%s was reached", place).isTrue();
					assertThat(causes(thrown)).as("%s at %s", failure, place).contains(failure);
				}
				assertIntact(pool, upstream);
			}
			events.assertComplete(pool.snapshot());
		}
	}

	private static boolean isAtConnecting(Place place) {
		return switch (place) {
			case DNS_RESOLVER, PORT_RESOLVER, SOCKET_CONFIG, TLS_CONFIG, TLS_STRATEGY_BEFORE, TLS_STRATEGY_AFTER,
					HOSTNAME_VERIFIER ->
				true;
			default -> false;
		};
	}

	/**
	 * HttpClient's pool loses an entry where an {@code Error} ends its lease.
	 */
	@ParameterizedTest
	@MethodSource("failures")
	void connectionThatCannotBeOpenedCostsNoSlot(Throwable failure) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = narrow()) {
			AtomicBoolean armed = new AtomicBoolean();
			ConnectionPool connections = (ConnectionPool) ReflectionTestUtils.getField(pool.pool, "connections");
			Object all = ReflectionTestUtils.getField(connections, "connections");
			ReflectionTestUtils.setField(all, "all", new FailingSet(armed, failure));
			for (int i = 0; i <= MAX_PER_ROUTE; i++) {
				armed.set(true);
				assertThat(causes(catchThrowable(() -> pool.get(local(upstream))))).contains(failure);
			}
			armed.set(false);
			assertIntact(pool, upstream);
		}
	}

	@ParameterizedTest
	@MethodSource("failures")
	void connectionThatCannotBeCheckedCostsNoSlot(Throwable failure) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(HELLO); PoolFixture pool = narrow()) {
			for (int i = 0; i <= MAX_PER_ROUTE; i++) {
				pool.get(local(upstream));
				ConnectionPool connections = (ConnectionPool) ReflectionTestUtils.getField(pool.pool, "connections");
				Object all = ReflectionTestUtils.getField(connections, "connections");
				for (Object connection : (Iterable<?>) ReflectionTestUtils.getField(all, "all")) {
					Object check = ReflectionTestUtils.getField(connection, "socketCheck");
					ReflectionTestUtils.setField(check, "wire", new FailingStream(failure));
				}
				assertThat(pool.get(local(upstream))).isEqualTo("hello");
			}
			assertThat(upstream.accepted()).isEqualTo(MAX_PER_ROUTE + 2);
			assertIntact(pool, upstream);
		}
	}

	@Test
	void everyListenerMethodMayThrowEveryError() throws Exception {
		List<Throwable> failures = failures();
		AtomicInteger calls = new AtomicInteger();
		RecordedEvents events = new RecordedEvents();
		try (ScriptedUpstream upstream = ScriptedUpstream.plain(Scripts.AS_ASKED);
				PoolFixture pool = PoolFixture.with(
						(settings) -> settings.maxPerRoute(MAX_PER_ROUTE)
							.maxPending(0)
							.drainMaxTime(Duration.ofMillis(20)),
						RecordedEvents.listener((proxy, method, arguments) -> {
							throw failures.get(calls.getAndIncrement() % failures.size());
						}), events.listener)) {
			for (int i = 0; i < 3 * failures.size(); i++) {
				assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
				assertThat(pool.ignore(upstream.uri("/chunked"))).isEqualTo(200);
				assertThat(pool.ignore(upstream.uri("/drip"))).isEqualTo(200);
				assertThat(catchThrowable(() -> pool.get(upstream.uri("/reset")))).isInstanceOf(IOException.class);
				pool.get(upstream.uri("/"));
				pool.pool.evict();
			}
			assertIntact(pool, upstream);
			events.assertComplete(pool.snapshot());
			assertThat(calls.get()).isGreaterThan(events.names.size() - 2);
		}
	}

	private static PoolFixture narrow() {
		return PoolFixture.with((settings) -> settings.maxPerRoute(MAX_PER_ROUTE).maxPending(0));
	}

	private static URI local(ScriptedUpstream upstream) {
		return URI.create(upstream.url().replace("127.0.0.1", "localhost") + "/");
	}

	private static List<Throwable> causes(Throwable thrown) {
		List<Throwable> causes = new ArrayList<>();
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			causes.add(cause);
		}
		return causes;
	}

	/**
	 * Say that nothing is leased, that as many connections as ever can be leased at once,
	 * and not one more.
	 */
	private static void assertIntact(PoolFixture pool, ScriptedUpstream upstream) throws IOException {
		soon().until(() -> pool.leased() == 0);
		assertThat(pool.snapshot().connections().pending()).isZero();
		RecordedEvents.assertAccounted(pool.snapshot());
		assertThat(statsOfHttpClient(pool).getLeased()).isZero();
		List<CloseableHttpResponse> held = new ArrayList<>();
		try {
			for (int i = 0; i < MAX_PER_ROUTE; i++) {
				held.add(pool.open(new HttpPost(local(upstream))));
			}
			assertThatExceptionOfType(AcquireRejectedException.class).isThrownBy(() -> pool.get(local(upstream)));
		}
		finally {
			for (CloseableHttpResponse response : held) {
				response.close();
			}
		}
		assertThat(pool.get(local(upstream))).isEqualTo("hello");
		assertThat(pool.leased()).isZero();
	}

	private static PoolStats statsOfHttpClient(PoolFixture pool) {
		ConnectionPool connections = (ConnectionPool) ReflectionTestUtils.getField(pool.pool, "connections");
		return connections.manager().getTotalStats();
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	/** As {@code Thread.stop} threw it once. */
	private static final class Death extends Error {

	}

	/** As languages without checked exceptions throw it. */
	private static final class Undeclared extends Exception {

	}

	private static final class FailingStream extends InputStream {

		private final Throwable failure;

		FailingStream(Throwable failure) {
			this.failure = failure;
		}

		@Override
		public int available() {
			ErrorsOfUserCodeTests.<RuntimeException>sneak(this.failure);
			return 0;
		}

		@Override
		public int read() {
			return -1;
		}

	}

	private static final class FailingSet extends AbstractSet<PooledConnection> {

		private final Set<PooledConnection> delegate = ConcurrentHashMap.newKeySet();

		private final AtomicBoolean armed;

		private final Throwable failure;

		FailingSet(AtomicBoolean armed, Throwable failure) {
			this.armed = armed;
			this.failure = failure;
		}

		@Override
		public boolean add(PooledConnection connection) {
			if (this.armed.get()) {
				ErrorsOfUserCodeTests.<RuntimeException>sneak(this.failure);
			}
			return this.delegate.add(connection);
		}

		@Override
		public boolean remove(Object connection) {
			return this.delegate.remove(connection);
		}

		@Override
		public Iterator<PooledConnection> iterator() {
			return this.delegate.iterator();
		}

		@Override
		public int size() {
			return this.delegate.size();
		}

	}

	/**
	 * Stands in every place, and throws in one of them, once.
	 */
	private static final class Traps implements HttpPoolCustomizer {

		private volatile Place place;

		private volatile Throwable failure;

		void set(Place place, Throwable failure) {
			this.failure = failure;
			this.place = place;
		}

		boolean isSprung() {
			return this.place == null;
		}

		private void at(Place reached) {
			if (reached == this.place) {
				this.place = null;
				ErrorsOfUserCodeTests.<RuntimeException>sneak(this.failure);
			}
		}

		void call(PoolFixture pool, URI uri) throws IOException {
			HttpPost post = new HttpPost(uri);
			post.setEntity(new EntityTemplate(-1, ContentType.TEXT_PLAIN, null, (output) -> {
				at(Place.REQUEST_BODY_BEGUN);
				output.write(new byte[20_000]);
				at(Place.REQUEST_BODY_ENDED);
			}));
			pool.client.execute(post, (response) -> {
				at(Place.RESPONSE_HANDLER_BEFORE);
				String body = EntityUtils.toString(response.getEntity());
				at(Place.RESPONSE_HANDLER_AFTER);
				return body;
			});
		}

		@Override
		public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
			connections.setDnsResolver(new SystemDefaultDnsResolver() {

				@Override
				public InetAddress[] resolve(String host) throws UnknownHostException {
					at(Place.DNS_RESOLVER);
					return super.resolve(host);
				}

			});
			connections.setSchemePortResolver((host) -> {
				at(Place.PORT_RESOLVER);
				return DefaultSchemePortResolver.INSTANCE.resolve(host);
			});
			connections.setSocketConfigResolver((route) -> {
				at(Place.SOCKET_CONFIG);
				return SocketConfig.DEFAULT;
			});
			connections.setTlsConfigResolver((host) -> {
				at(Place.TLS_CONFIG);
				return TlsConfig.DEFAULT;
			});
			TlsSocketStrategy strategy = new DefaultClientTlsStrategy(TestCertificates.localhost().clientContext(),
					HostnameVerificationPolicy.CLIENT, (host, session) -> {
						at(Place.HOSTNAME_VERIFIER);
						return NoopHostnameVerifier.INSTANCE.verify(host, session);
					});
			connections.setTlsSocketStrategy((socket, target, port, attachment, context) -> {
				at(Place.TLS_STRATEGY_BEFORE);
				SSLSocket upgraded = strategy.upgrade(socket, target, port, attachment, context);
				at(Place.TLS_STRATEGY_AFTER);
				return upgraded;
			});
		}

		@Override
		public void customizeClient(String pool, HttpClientBuilder client) {
			HttpRoutePlanner planner = new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE);
			client.setRoutePlanner((host, context) -> {
				at(Place.ROUTE_PLANNER);
				return planner.determineRoute(host, context);
			});
			client.addRequestInterceptorFirst((request, entity, context) -> at(Place.FIRST_REQUEST_INTERCEPTOR));
			client.addRequestInterceptorLast((request, entity, context) -> at(Place.LAST_REQUEST_INTERCEPTOR));
			client.addResponseInterceptorFirst((response, entity, context) -> at(Place.FIRST_RESPONSE_INTERCEPTOR));
			client.addResponseInterceptorLast((response, entity, context) -> at(Place.LAST_RESPONSE_INTERCEPTOR));
			client.addExecInterceptorFirst("outer", (request, scope, chain) -> {
				at(Place.OUTER_EXEC_BEFORE);
				ClassicHttpResponse response = chain.proceed(request, scope);
				at(Place.OUTER_EXEC_AFTER);
				return response;
			});
			client.addExecInterceptorLast("inner", (request, scope, chain) -> {
				at(Place.INNER_EXEC_BEFORE);
				ClassicHttpResponse response = chain.proceed(request, scope);
				at(Place.INNER_EXEC_AFTER);
				return response;
			});
			client.setRequestExecutor(new HttpRequestExecutor() {

				@Override
				public ClassicHttpResponse execute(ClassicHttpRequest request, HttpClientConnection connection,
						HttpResponseInformationCallback callback, HttpContext context)
						throws IOException, HttpException {
					at(Place.REQUEST_EXECUTOR_BEFORE);
					ClassicHttpResponse response = super.execute(request, connection, callback, context);
					at(Place.REQUEST_EXECUTOR_AFTER);
					return response;
				}

			});
			client.setKeepAliveStrategy(new DefaultConnectionKeepAliveStrategy() {

				@Override
				public TimeValue getKeepAliveDuration(HttpResponse response, HttpContext context) {
					at(Place.KEEP_ALIVE_STRATEGY);
					return super.getKeepAliveDuration(response, context);
				}

			});
			ReuseStrategy reuse = new ReuseStrategy(() -> true);
			client.setConnectionReuseStrategy((request, response, context) -> {
				at(Place.REUSE_STRATEGY);
				return reuse.keepAlive(request, response, context);
			});
			client.setRedirectStrategy(new DefaultRedirectStrategy() {

				@Override
				public boolean isRedirected(HttpRequest request, HttpResponse response, HttpContext context)
						throws ProtocolException {
					at(Place.REDIRECT_STRATEGY);
					return super.isRedirected(request, response, context);
				}

			});
			client.setRetryStrategy(new DefaultHttpRequestRetryStrategy() {

				@Override
				public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
					at(Place.RETRY_STRATEGY);
					return false;
				}

			});
		}

	}

}
