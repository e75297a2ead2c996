package io.github.httppool.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.actuate.HttpPoolEndpoint;
import io.github.httppool.actuate.PoolDescriptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * An application that calls a great many hosts, each of them once, and says what it
 * remembers of them.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ManyHostsApplication {

	private static final byte[] ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
		.getBytes(StandardCharsets.US_ASCII);

	/**
	 * Run it.
	 * @param arguments how many hosts
	 */
	public static void main(String[] arguments) throws IOException {
		int hosts = Integer.parseInt(arguments[0]);
		SpringApplication application = new SpringApplication(ManyHostsApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		try (ServerSocket server = new ServerSocket(0, 1000, InetAddress.getByName("0.0.0.0"));
				ConfigurableApplicationContext context = application.run("--spring.main.banner-mode=off",
						"--logging.level.io.github.httppool=off",
						// Spring Boot's own meters have the host as a tag, without a
						// limit.
						"--management.observations.enable.http.client.requests=false")) {
			thread(() -> acceptAll(server));
			RestClient client = context.getBean(RestClient.class);
			call(client, server, 0, hosts / 10);
			long before = used();
			call(client, server, hosts / 10, hosts);
			long after = used();
			HttpPools pools = context.getBean(HttpPools.class);
			HttpPool pool = pools.get("default");
			PoolSnapshot snapshot = pool.snapshot();
			PoolDescriptor endpoint = new HttpPoolEndpoint(pools).pool("default");
			long routes = context.getBean(MeterRegistry.class)
				.getMeters()
				.stream()
				.map((meter) -> meter.getId().getTag("route"))
				.filter((route) -> route != null)
				.distinct()
				.count();
			System.out.printf("calls=%d opened=%d routes=%d shown=%d routeCount=%d tags=%d grown=%d used=%d total=%d%n",
					snapshot.totals().calls(), snapshot.totals().opened(), snapshot.routes().size(),
					endpoint.routes().size(), endpoint.routeCount(), routes, (after - before) / 1024, after / 1024,
					snapshot.connections().leased() + snapshot.connections().idle());
		}
	}

	private static void call(RestClient client, ServerSocket server, int from, int to) {
		for (int i = from; i < to; i++) {
			String answer = client.get()
				.uri("http://host-" + i + ".example:" + server.getLocalPort() + "/")
				.retrieve()
				.body(String.class);
			if (!"hello".equals(answer)) {
				throw new IllegalStateException("host " + i + " said " + answer);
			}
		}
	}

	private static long used() {
		System.gc();
		Runtime runtime = Runtime.getRuntime();
		return runtime.totalMemory() - runtime.freeMemory();
	}

	private static void acceptAll(ServerSocket server) {
		try {
			while (true) {
				Socket socket = server.accept();
				thread(() -> serve(socket));
			}
		}
		catch (IOException ex) {
			// The end.
		}
	}

	private static void serve(Socket socket) {
		byte[] buffer = new byte[1024];
		try (socket; InputStream input = socket.getInputStream()) {
			int count = 0;
			for (int read = input.read(buffer); read > 0; read = input.read(buffer, count, buffer.length - count)) {
				count += read;
				if (new String(buffer, 0, count, StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
					socket.getOutputStream().write(ANSWER);
					count = 0;
				}
			}
		}
		catch (IOException ex) {
			// Closed by the client.
		}
	}

	private static void thread(Runnable task) {
		Thread thread = new Thread(null, task, "server", 128 * 1024);
		thread.setDaemon(true);
		thread.start();
	}

	@Bean
	MeterRegistry meterRegistry() {
		return new SimpleMeterRegistry();
	}

	@Bean
	HttpPoolCustomizer names() {
		return new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setDnsResolver(new EveryName());
			}

		};
	}

	/**
	 * Takes each name for this machine, under many addresses: one alone has not enough
	 * ports for so many connections.
	 */
	private static final class EveryName implements DnsResolver {

		@Override
		public InetAddress[] resolve(String host) throws UnknownHostException {
			int number = Integer.parseInt(host.substring(host.indexOf('-') + 1, host.indexOf('.')));
			return new InetAddress[] { InetAddress.getByAddress(host,
					new byte[] { 127, 1, (byte) (number >> 8), (byte) (1 + number % 250) }) };
		}

		@Override
		public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
			return List.of(new InetSocketAddress(resolve(host)[0], port));
		}

		@Override
		public String resolveCanonicalHostname(String host) {
			return host;
		}

	}

}
