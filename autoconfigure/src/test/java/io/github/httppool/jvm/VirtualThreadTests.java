package io.github.httppool.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.TestCertificates;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Virtual threads that call through the pool never pin the thread that carries them, as
 * the JVM itself sees it. Before Java 24 every wait within {@code synchronized} did,
 * wherever it was.
 */
@EnabledForJreRange(min = JRE.JAVA_24)
class VirtualThreadTests {

	private static final int CALLERS = 40;

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		exchange.after(Duration.ofMillis(2));
		switch (exchange.path()) {
			case "/dripping" -> exchange.head(200, "Content-Length: 1000").sendRaw("a").stall();
			case "/last" -> exchange.ok(new byte[100], "Connection: close");
			default -> exchange.ok("hello");
		}
	});

	private final ScriptedUpstream secure = ScriptedUpstream
		.tls((exchange) -> exchange.ok(new byte[100], "Connection: close"));

	private final ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
		.web(WebApplicationType.NONE)
		.properties("spring.main.banner-mode=off", "spring.threads.virtual.enabled=true", "http-pool.max-per-route=4",
				"http-pool.drain.max-time=5ms", "http-pool.acquire-timeout=20s",
				"http-pool.leak-detection-threshold=1m",
				"spring.ssl.bundle.jks.upstream.truststore.location="
						+ TestCertificates.localhost().trustStore().toUri(),
				"spring.ssl.bundle.jks.upstream.truststore.password=" + TestCertificates.PASSWORD,
				"spring.http.clients.ssl.bundle=upstream")
		.run();

	private final RestClient client = this.context.getBean("pooledRestClient", RestClient.class);

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.context.close();
		this.upstream.close();
		this.secure.close();
	}

	@Test
	void noVirtualThreadIsPinnedByACallThroughThePool() throws Exception {
		// Whoever waits while a class is loaded or initialized is pinned, once. Some
		// classes are loaded only while something is recorded.
		record(this::calls);
		List<RecordedEvent> events = record(this::calls);
		assertThat(events).extracting(VirtualThreadTests::pinnedAt).isEmpty();
		PoolSnapshot pool = this.context.getBean(HttpPools.class).get("default").snapshot();
		assertThat(pool.routes()).filteredOn((route) -> route.waited().count() > 0).hasSize(2);
		assertThat(pool.totals().drained()).isNotEmpty();
	}

	@Test
	void theRecordingSeesAVirtualThreadThatIsPinned() throws Exception {
		List<RecordedEvent> events = record(
				() -> onVirtualThread(() -> Pinning.class.getDeclaredField("LOADED").get(null)).get(30,
						TimeUnit.SECONDS));
		assertThat(events).extracting(VirtualThreadTests::pinnedAt)
			.anySatisfy((stack) -> assertThat(stack).contains("Pinning"));
	}

	private void calls() throws Exception {
		List<Future<Object>> calls = new ArrayList<>();
		for (int caller = 0; caller < CALLERS; caller++) {
			for (String path : List.of("/hello", "/last", "/dripping", "/unread")) {
				calls.add(onVirtualThread(
						() -> call(this.upstream.url() + path, path.equals("/hello") || path.equals("/last"))));
			}
			calls.add(onVirtualThread(() -> call(this.secure.url() + "/hello", true)));
		}
		calls.add(onVirtualThread(() -> call("http://127.0.0.1:1/refused", true)));
		for (Future<Object> call : calls) {
			call.get(60, TimeUnit.SECONDS);
		}
	}

	private Object call(String uri, boolean read) {
		assertThat(Thread.currentThread().toString()).startsWith("VirtualThread");
		try {
			return this.client.get().uri(uri).exchangeForRequiredValue((request, response) -> use(response, read));
		}
		catch (RestClientException ex) {
			if (!uri.endsWith("/refused")) {
				throw ex;
			}
			return ex;
		}
	}

	private static Object use(ClientHttpResponse response, boolean read) throws IOException {
		if (!read) {
			return response.getStatusCode();
		}
		try (InputStream body = response.getBody()) {
			return body.readAllBytes();
		}
	}

	private <T> Future<T> onVirtualThread(Callable<T> task) {
		return this.context.getBean(AsyncTaskExecutor.class).submit(task);
	}

	private List<RecordedEvent> record(Action action) throws Exception {
		Path file = this.directory.resolve("recording.jfr");
		try (Recording recording = new Recording()) {
			recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
			// A recording of the pool's own events may pin: the JDK takes locks to write
			// texts.
			List.of("Acquire", "Connect", "Close", "Finding")
				.forEach((event) -> recording.disable("io.github.httppool." + event));
			recording.start();
			action.run();
			recording.stop();
			recording.dump(file);
		}
		return RecordingFile.readAllEvents(file);
	}

	private static String pinnedAt(RecordedEvent event) {
		return event.toString();
	}

	/**
	 * What is recorded.
	 */
	private interface Action {

		void run() throws Exception;

	}

	/**
	 * A class whose initialization pins whoever waits in it.
	 */
	private static final class Pinning {

		static final Object LOADED = load();

		private static Object load() {
			try {
				Pause.ofMillis(20);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return new Object();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
