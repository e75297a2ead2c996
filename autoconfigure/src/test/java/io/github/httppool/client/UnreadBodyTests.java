package io.github.httppool.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.TestCertificates;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.http.HttpMethod;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Bodies of all kinds that callers of Spring's clients leave unread, over plain
 * connections and TLS, in platform threads and virtual ones.
 */
@Tag("waiting")
class UnreadBodyTests {

	private static final byte[] COMPRESSED = compressed("a".repeat(20_000));

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void unreadBodiesOfAnyKindCostNoConnection(boolean tls) throws Exception {
		assertOneConnection(tls, Runnable::run);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void unreadBodiesInVirtualThreadsCostNoConnection(boolean tls) throws Exception {
		assumeTrue(ClassUtils.hasMethod(Thread.class, "ofVirtual"), "This JDK has no virtual threads");
		SimpleAsyncTaskExecutor virtual = new SimpleAsyncTaskExecutor();
		virtual.setVirtualThreads(true);
		assertOneConnection(tls, virtual);
	}

	private void assertOneConnection(boolean tls, Executor executor) {
		ScriptedUpstream.Script script = (exchange) -> {
			switch (exchange.path()) {
				case "/length" -> exchange.ok(new byte[2048]);
				case "/chunks" -> exchange.head(200, "Transfer-Encoding: chunked")
					.sendRaw("3;name=value\r\nabc\r\n")
					.chunk(new byte[2000])
					.lastChunk("Checksum: 1");
				case "/compressed" -> exchange.ok(COMPRESSED, "Content-Encoding: gzip");
				case "/redirect" -> exchange.status(302, "moved".repeat(100), "Location: /length");
				default -> exchange.status(404, Exchange.headText(404));
			}
		};
		TestCertificates certificates = TestCertificates.localhost();
		try (ScriptedUpstream upstream = tls ? ScriptedUpstream.tls(script) : ScriptedUpstream.plain(script)) {
			new ApplicationContextRunner().withUserConfiguration(Application.class)
				.withPropertyValues("spring.ssl.bundle.jks.all.truststore.location=" + certificates.trustStore(),
						"spring.ssl.bundle.jks.all.truststore.password=" + TestCertificates.PASSWORD,
						"spring.http.clients.ssl.bundle=all")
				.run((context) -> {
					RestClient client = context.getBean("pooledRestClient", RestClient.class);
					RestTemplate template = context.getBean("pooledRestTemplate", RestTemplate.class);
					for (String path : new String[] { "/length", "/chunks", "/compressed", "/redirect", "/missing" }) {
						String url = upstream.url() + path;
						in(executor, () -> ignore(client, url));
						in(executor, () -> ignore(template, url));
						if (!path.equals("/missing")) {
							in(executor, () -> readTheBeginning(client, url));
						}
					}
					assertThat(upstream.accepted()).isEqualTo(1);
					PoolSnapshot pool = context.getBean(HttpPools.class).get("default").snapshot();
					assertThat(pool.connections()).isEqualTo(new PoolSnapshot.Connections(0, 1, 0));
					assertThat(pool.totals().drained()).containsOnlyKeys(DrainOutcome.REUSED);
				});
		}
	}

	private static void in(Executor executor, Runnable call) throws Exception {
		FutureTask<?> task = new FutureTask<>(call, null);
		executor.execute(task);
		task.get(30, TimeUnit.SECONDS);
	}

	private static void ignore(RestClient client, String url) {
		int status = client.get().uri(url).exchange((request, response) -> response.getStatusCode().value());
		assertThat(status).isIn(200, 404);
	}

	private static void ignore(RestTemplate template, String url) {
		template.setErrorHandler((response) -> false);
		Integer status = template.execute(url, HttpMethod.GET, null, (response) -> response.getStatusCode().value());
		assertThat(status).isIn(200, 404);
	}

	private static void readTheBeginning(RestClient client, String url) {
		try (InputStream body = client.get().uri(url).retrieve().body(InputStream.class)) {
			assertThat(body.read()).isNotNegative();
		}
		catch (IOException ex) {
			throw new AssertionError("The beginning could not be read", ex);
		}
	}

	private static byte[] compressed(String text) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			gzip.write(text.getBytes());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return bytes.toByteArray();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
