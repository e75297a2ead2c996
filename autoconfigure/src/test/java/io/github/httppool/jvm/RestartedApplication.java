package io.github.httppool.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPools;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * An application that leaves behind in its pool whatever a call can.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class RestartedApplication {

	/**
	 * Run it.
	 * @param upstream where to call
	 */
	public static void run(String upstream) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(4);
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(RestartedApplication.class)
			.web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "logging.level.root=warn", "http-pool.call-timeout=20s",
					"http-pool.leak-detection-threshold=1m", "http-pool.drain.max-time=20ms")
			.run()) {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			for (int i = 0; i < 8; i++) {
				callers.submit(() -> get(client, upstream));
			}
			callers.shutdown();
			if (!callers.awaitTermination(30, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Calls did not end");
			}
			// Closed with its body unread, and never closed.
			client.get().uri(upstream + "/slow").exchange((request, response) -> response, false).close();
			ClientHttpResponse lost = client.get()
				.uri(upstream + "/slow")
				.exchange((request, response) -> response, false);
			call(client, "http://localhost:1/refused");
			call(client, upstream + "/broken");
			if (context.getBean(HttpPools.class).get("default").snapshot().connections().leased() != 1) {
				throw new IllegalStateException("The lost response " + lost + " is not held");
			}
		}
		finally {
			callers.shutdownNow();
		}
	}

	private static void get(RestClient client, String upstream) {
		client.get().uri(upstream + "/hello").retrieve().body(String.class);
	}

	private static void call(RestClient client, String uri) {
		try {
			client.get().uri(uri).exchangeForRequiredValue((request, response) -> read(response));
		}
		catch (RestClientException ex) {
			return;
		}
		throw new IllegalStateException("This call cannot succeed");
	}

	private static byte[] read(ClientHttpResponse response) throws IOException {
		try (InputStream body = response.getBody()) {
			return body.readAllBytes();
		}
	}

	@Bean
	HttpPoolListener listener() {
		return new HttpPoolListener() {

			@Override
			public void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
			}

		};
	}

	@Bean
	HttpPoolCustomizer customizer() {
		return new HttpPoolCustomizer() {

			@Override
			public void customizeClient(String pool, HttpClientBuilder client) {
				client.addRequestInterceptorLast((request, entity, context) -> request.setHeader("X-Pool", pool));
			}

		};
	}

}
