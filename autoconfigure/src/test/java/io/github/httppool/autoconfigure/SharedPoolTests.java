package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.IntConsumer;

import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.NoOpResponseErrorHandler;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every client that Spring makes uses the same connections.
 */
@Tag("waiting")
class SharedPoolTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		byte[] body = new byte[2048];
		exchange.status(exchange.path().startsWith("/missing") ? 404 : 200, body,
				"Content-Type: application/octet-stream");
	});

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.http.serviceclient.upstream.base-url=" + this.upstream.url());

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void aHundredCallsOfAllClientsInTurnUseOneConnection() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			List<IntConsumer> clients = clients(context);
			for (int call = 0; call < 100; call++) {
				clients.get(call % clients.size()).accept(call);
			}
			assertThat(this.upstream.requests()).hasSize(100);
			assertThat(this.upstream.accepted()).isEqualTo(1);
			PoolSnapshot pool = context.getBean(HttpPools.class).get("default").snapshot();
			assertThat(pool.totals().opened()).isEqualTo(1);
			assertThat(pool.totals().reused()).isEqualTo(99);
			assertThat(pool.connections()).isEqualTo(new PoolSnapshot.Connections(0, 1, 0));
		});
	}

	private List<IntConsumer> clients(ApplicationContext context) {
		RestClient first = context.getBean(RestClient.Builder.class).baseUrl(this.upstream.url()).build();
		RestClient second = context.getBean(RestClient.Builder.class).baseUrl(this.upstream.url()).build();
		RestClient pooled = context.getBean("pooledRestClient", RestClient.class);
		RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
		RestTemplate pooledTemplate = context.getBean("pooledRestTemplate", RestTemplate.class);
		Upstream service = context.getBean(Upstream.class);
		String url = this.upstream.url();
		return List.of((call) -> read(first, "/read"), (call) -> ignore(second, "/ignored"),
				(call) -> ignore(pooled, url + "/ignored"), (call) -> ignore(first, "/missing"),
				(call) -> assertThat(template.getForObject(url + "/template", byte[].class)).hasSize(2048),
				(call) -> ignore(template, url + "/missing"),
				(call) -> assertThat(pooledTemplate.getForEntity(url + "/template", Void.class).getStatusCode().value())
					.isEqualTo(200),
				(call) -> assertThat(service.read().getBody()).hasSize(2048), (call) -> service.ignore(),
				(call) -> stream(first));
	}

	private static void read(RestClient client, String uri) {
		assertThat(client.get().uri(uri).retrieve().body(byte[].class)).hasSize(2048);
	}

	private static void ignore(RestClient client, String uri) {
		int status = client.get().uri(uri).exchange((request, response) -> response.getStatusCode().value());
		assertThat(status).isEqualTo(uri.contains("missing") ? 404 : 200);
	}

	private static void ignore(RestTemplate template, String uri) {
		template.setErrorHandler(new NoOpResponseErrorHandler());
		HttpStatusCode status = template.execute(uri, HttpMethod.GET, null, ClientHttpResponse::getStatusCode);
		assertThat(status.value()).isEqualTo(404);
	}

	private static void stream(RestClient client) {
		try (InputStream body = client.get().uri("/stream").retrieve().body(InputStream.class)) {
			assertThat(body.readNBytes(10)).hasSize(10);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ImportHttpServices(group = "upstream", types = Upstream.class)
	static class Application {

	}

	interface Upstream {

		@GetExchange("/service")
		ResponseEntity<byte[]> read();

		@GetExchange("/service")
		void ignore();

	}

}
