package io.github.httppool.jvm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.hc.client5.http.DnsResolver;

import org.springframework.aot.AotDetector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

/**
 * A web application that uses the pool in all ways, says what came of it, and ends.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ImportHttpServices(group = "upstream", types = StartedApplication.Upstream.class)
public class StartedApplication {

	/**
	 * The arguments with which it is started, or processed ahead of time.
	 */
	static String[] arguments(int upstreamPort) {
		// Known to the application's DNS resolver only.
		String upstream = "http://upstream.invalid:" + upstreamPort;
		return new String[] { "--server.port=0", "--spring.main.banner-mode=off", "--http-pool.max-per-route=7",
				"--http-pool.drain.max-time=100ms", "--http-pool.metrics.convention=otel",
				"--management.endpoints.web.exposure.include=httppool,health",
				"--management.health.httppool.enabled=true", "--management.endpoint.health.show-components=always",
				"--spring.http.serviceclient.upstream.base-url=" + upstream, "--upstream=" + upstream };
	}

	/**
	 * Run it.
	 */
	public static void main(String[] arguments) throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.run(StartedApplication.class, arguments)) {
			String upstream = context.getEnvironment().getRequiredProperty("upstream");
			say("ahead of time", AotDetector.useGeneratedArtifacts());
			say("client",
					context.getBean("pooledRestClient", RestClient.class)
						.get()
						.uri(upstream + "/client")
						.retrieve()
						.body(String.class));
			say("builder",
					context.getBean(RestClient.Builder.class)
						.build()
						.get()
						.uri(upstream + "/builder")
						.retrieve()
						.body(String.class));
			say("template", context.getBean("pooledRestTemplate", RestTemplate.class)
				.getForObject(upstream + "/template", String.class));
			say("service", context.getBean(Upstream.class).get());
			say("told of connections", context.getBean(Opened.class).count.get());
			say("endpoint", get(context, "/actuator/httppool"));
			say("events", get(context, "/actuator/httppool/default/events"));
			say("health", get(context, "/actuator/health"));
			say("meters",
					context.getBean(MeterRegistry.class)
						.getMeters()
						.stream()
						.map((meter) -> meter.getId().getName())
						.filter((name) -> name.startsWith("http.client.") || name.startsWith("http.pool."))
						.sorted()
						.distinct()
						.toList());
		}
		say("threads",
				Thread.getAllStackTraces()
					.keySet()
					.stream()
					.filter(Thread::isAlive)
					.map(Thread::getName)
					.filter((name) -> name.startsWith("http-pool"))
					.toList());
	}

	private static void say(String what, Object value) {
		System.out.println(what + ": " + value);
	}

	private static String get(ConfigurableApplicationContext context, String path)
			throws IOException, InterruptedException {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
	}

	@Bean
	Opened opened() {
		return new Opened();
	}

	@Bean
	ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> names() {
		return (builder) -> builder
			.withConnectionManagerCustomizer((connections) -> connections.setDnsResolver(new Names()));
	}

	/**
	 * A service behind HTTP.
	 */
	interface Upstream {

		@GetExchange("/service")
		String get();

	}

	/**
	 * Finds everything on this machine.
	 */
	static class Names implements DnsResolver {

		@Override
		public InetAddress[] resolve(String host) {
			return new InetAddress[] { InetAddress.getLoopbackAddress() };
		}

		@Override
		public String resolveCanonicalHostname(String host) {
			return host;
		}

	}

	/**
	 * Counts connections.
	 */
	static class Opened implements HttpPoolListener {

		private final AtomicInteger count = new AtomicInteger();

		@Override
		public void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
			this.count.incrementAndGet();
		}

	}

}
