package io.github.httppool.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPools;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.SocksScript;
import io.github.httppool.testing.TestCertificates;
import io.github.httppool.testing.boot.SinceBoot41;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.FilteredHostException;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpCookieHandling;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.RestTemplateCustomizer;
import org.springframework.boot.restclient.autoconfigure.RestClientSsl;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Spring Boot's own settings hold, in the order of precedence of the contract: those of
 * one builder or group, then {@code spring.http.clients.*}, then {@code http-pool.*}.
 */
@Tag("waiting")
class BootSettingsTests {

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		switch (exchange.path()) {
			case "/silent" -> exchange.stall();
			case "/redirect" -> exchange.status(302, "elsewhere", "Location: /target");
			case "/cookie" -> exchange.ok(new byte[2], "Set-Cookie: session=secret; Path=/");
			default -> exchange.ok("fine");
		}
	});

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Application.class);

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void aReadTimeoutOfAllClientsComesBeforeThePools() {
		this.runner.withPropertyValues("spring.http.clients.read-timeout=150ms", "http-pool.response-timeout=20s")
			.run((context) -> {
				assertTimesOut(() -> get(context.getBean("pooledRestClient", RestClient.class), "/silent"));
				assertTimesOut(() -> get(context.getBean(RestClient.Builder.class).build(), "/silent"));
				assertTimesOut(() -> context.getBean("pooledRestTemplate", RestTemplate.class)
					.getForObject(this.upstream.uri("/silent"), String.class));
			});
	}

	@Test
	void aReadTimeoutOfOneBuilderComesFirstAndHoldsForItOnly() {
		this.runner.withPropertyValues("spring.http.clients.read-timeout=20s", "http-pool.response-timeout=20s")
			.run((context) -> {
				RestTemplate hasty = context.getBean(RestTemplateBuilder.class)
					.readTimeout(Duration.ofMillis(150))
					.build();
				assertTimesOut(() -> hasty.getForObject(this.upstream.uri("/silent"), String.class));
				HttpClientSettings settings = context.getBean(HttpClientSettings.class)
					.withReadTimeout(Duration.ofMillis(150));
				ClientHttpRequestFactory factory = context.getBean(ClientHttpRequestFactoryBuilder.class)
					.build(settings);
				assertTimesOut(() -> get(RestClient.builder().requestFactory(factory).build(), "/silent"));
				assertThat(context.getBean(HttpPools.class).all()).as("timeouts do not divide the pool").hasSize(1);
				assertThat(get(context.getBean("pooledRestClient", RestClient.class), "/")).isEqualTo("fine");
			});
	}

	@Test
	void aReadTimeoutOfAGroupComesBeforeThatOfAllClients() {
		this.runner
			.withPropertyValues("spring.http.clients.read-timeout=20s",
					"spring.http.serviceclient.upstream.base-url=" + this.upstream.url(),
					"spring.http.serviceclient.upstream.read-timeout=150ms")
			.run((context) -> {
				assertTimesOut(() -> context.getBean(Upstream.class).silent());
				assertThat(context.getBean(HttpPools.class).all()).hasSize(1);
			});
	}

	@Test
	void aConnectTimeoutOfAllClientsComesBeforeThePools() {
		this.runner.withPropertyValues("spring.http.clients.connect-timeout=1234ms", "http-pool.connect-timeout=20s")
			.run((context) -> {
				HttpComponentsClientHttpRequestFactory factory = (HttpComponentsClientHttpRequestFactory) context
					.getBean(ClientHttpRequestFactory.class);
				Timeout timeout = connectTimeout(factory);
				assertThat(timeout.toDuration()).isEqualTo(Duration.ofMillis(1234));
			});
	}

	@SuppressWarnings("deprecation")
	private static Timeout connectTimeout(HttpComponentsClientHttpRequestFactory factory) {
		return ((Configurable) factory.getHttpClient()).getConfig().getConnectTimeout();
	}

	@Test
	void redirectsAreFollowedUnlessSaidOtherwise() {
		this.runner.run((context) -> assertThat(get(context.getBean("pooledRestClient", RestClient.class), "/redirect"))
			.isEqualTo("fine"));
		this.runner.withPropertyValues("spring.http.clients.redirects=dont-follow").run((context) -> {
			assertThat(status(context.getBean("pooledRestClient", RestClient.class), "/redirect")).isEqualTo(302);
			RestTemplate follower = context.getBean(RestTemplateBuilder.class).redirects(HttpRedirects.FOLLOW).build();
			assertThat(follower.getForObject(this.upstream.uri("/redirect"), String.class)).isEqualTo("fine");
			assertThat(context.getBean(HttpPools.class).all()).as("redirects do not divide the pool").hasSize(1);
		});
	}

	@Test
	@SinceBoot41
	void cookiesAreOffUnlessSwitchedOnAndThenBelongToOneClient() {
		this.runner.run((context) -> {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			get(client, "/cookie");
			get(client, "/");
			assertThat(lastCookie()).isNull();
			HttpClientSettings settings = context.getBean(HttpClientSettings.class)
				.withCookieHandling(HttpCookieHandling.ENABLE);
			ClientHttpRequestFactoryBuilder<?> builder = context.getBean(ClientHttpRequestFactoryBuilder.class);
			RestClient keeper = RestClient.builder().requestFactory(builder.build(settings)).build();
			RestClient stranger = RestClient.builder().requestFactory(builder.build(settings)).build();
			get(keeper, "/cookie");
			get(keeper, "/");
			assertThat(lastCookie()).isEqualTo("session=secret");
			get(stranger, "/");
			assertThat(lastCookie()).isNull();
			assertThat(this.upstream.accepted()).as("cookies do not divide the pool").isEqualTo(1);
		});
		this.runner.withPropertyValues("spring.http.clients.cookie-handling=enable").run((context) -> {
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			get(client, "/cookie");
			get(client, "/");
			assertThat(lastCookie()).isEqualTo("session=secret");
		});
	}

	private String lastCookie() {
		List<ScriptedUpstream.Request> requests = this.upstream.requests();
		return requests.get(requests.size() - 1).header("Cookie");
	}

	@Test
	void eachSslBundleHasAPoolOfItsOwn() {
		TestCertificates certificates = TestCertificates.localhost();
		try (ScriptedUpstream secure = ScriptedUpstream.tls((exchange) -> exchange.ok("secret"))) {
			String trust = "spring.ssl.bundle.jks.%s.truststore.";
			this.runner
				.withPropertyValues(trust.formatted("orders") + "location=" + certificates.trustStore(),
						trust.formatted("orders") + "password=" + TestCertificates.PASSWORD,
						trust.formatted("orders") + "type=PKCS12",
						trust.formatted("payments") + "location=" + certificates.trustStore(),
						trust.formatted("payments") + "password=" + TestCertificates.PASSWORD,
						trust.formatted("payments") + "type=PKCS12")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					RestClientSsl ssl = context.getBean(RestClientSsl.class);
					RestClient orders = context.getBean(RestClient.Builder.class)
						.apply(ssl.fromBundle("orders"))
						.build();
					RestClient again = context.getBean(RestClient.Builder.class)
						.apply(ssl.fromBundle("orders"))
						.build();
					RestClient payments = context.getBean(RestClient.Builder.class)
						.apply(ssl.fromBundle("payments"))
						.build();
					String url = secure.url();
					for (RestClient client : List.of(orders, again, payments, orders)) {
						assertThat(client.get().uri(url).retrieve().body(String.class)).isEqualTo("secret");
					}
					assertThat(secure.accepted()).isEqualTo(2);
					assertThat(context.getBean(HttpPools.class).all()).extracting(HttpPool::name)
						.containsExactly("default", "default-orders", "default-payments");
					assertThatThrownBy(() -> context.getBean("pooledRestClient", RestClient.class)
						.get()
						.uri(url)
						.retrieve()
						.body(String.class)).as("the default pool does not trust it")
						.isInstanceOf(ResourceAccessException.class);
				});
		}
	}

	@Test
	void theBundleOfAllClientsIsThatOfTheDefaultPool() {
		TestCertificates certificates = TestCertificates.localhost();
		try (ScriptedUpstream secure = ScriptedUpstream.tls((exchange) -> exchange.ok("secret"))) {
			this.runner
				.withPropertyValues("spring.ssl.bundle.jks.all.truststore.location=" + certificates.trustStore(),
						"spring.ssl.bundle.jks.all.truststore.password=" + TestCertificates.PASSWORD,
						"spring.http.clients.ssl.bundle=all")
				.run((context) -> {
					assertThat(context.getBean("pooledRestClient", RestClient.class)
						.get()
						.uri(secure.url())
						.retrieve()
						.body(String.class)).isEqualTo("secret");
					assertThat(context.getBean("pooledRestTemplate", RestTemplate.class)
						.getForObject(secure.url(), String.class)).isEqualTo("secret");
					assertThat(context.getBean(HttpPools.class).all()).hasSize(1);
					assertThat(secure.accepted()).isEqualTo(1);
				});
		}
	}

	@Test
	@SinceBoot41
	void anAddressFilterKeepsClientsFromAddressesAndFromThePoolsOfOthers() {
		this.runner.withBean(InetAddressFilter.class, InetAddressFilter::externalAddresses).run((context) -> {
			RestClient filtered = context.getBean("pooledRestClient", RestClient.class);
			assertThatThrownBy(() -> get(filtered, "/")).isInstanceOf(FilteredHostException.class)
				.hasMessageContaining("127.0.0.1");
			ClientHttpRequestFactoryBuilder<?> builder = context.getBean(ClientHttpRequestFactoryBuilder.class);
			RestClient open = RestClient.builder().requestFactory(builder.build()).build();
			assertThat(get(open, "/")).isEqualTo("fine");
			assertThatThrownBy(() -> get(filtered, "/")).as("not over a connection of the other")
				.isInstanceOf(FilteredHostException.class);
			assertThat(context.getBean(HttpPools.class).all()).extracting(HttpPool::name)
				.containsExactly("default", "default-2");
		});
	}

	@Test
	@SinceBoot41
	void customizersOfSpringBootsBuilderApply() {
		this.runner.withUserConfiguration(BuilderCustomizer.class).run((context) -> {
			BuilderCustomizer customizer = context.getBean(BuilderCustomizer.class);
			RestClient client = context.getBean("pooledRestClient", RestClient.class);
			String url = "http://upstream.test:" + this.upstream.port();
			assertThat(client.get().uri(url).retrieve().body(String.class)).isEqualTo("fine");
			assertThat(this.upstream.requests().get(0).header("User-Agent")).isEqualTo("customized");
			assertThat(customizer.resolved).as("its DNS resolver").hasPositiveValue();
			assertThat(customizer.factories).as("its customizer of factories").hasPositiveValue();
			assertThatThrownBy(() -> client.get().uri(this.upstream.uri("/silent")).retrieve().body(String.class))
				.as("its request configuration")
				.hasMessageContaining("timed out");
			assertThat(context.getBean(HttpPools.class).get("default").snapshot().totals().opened()).isPositive();
		});
	}

	@Test
	@SinceBoot41
	void anAddressFilterHoldsForTheDnsResolverOfACustomizerToo() {
		this.runner.withUserConfiguration(BuilderCustomizer.class)
			.withBean(InetAddressFilter.class, InetAddressFilter::externalAddresses)
			.run((context) -> assertThatThrownBy(() -> context.getBean("pooledRestClient", RestClient.class)
				.get()
				.uri("http://upstream.test:" + this.upstream.port())
				.retrieve()
				.body(String.class)).isInstanceOf(FilteredHostException.class));
	}

	@ParameterizedTest
	@SinceBoot41
	@ValueSource(strings = { "localhost", "127.0.0.1" })
	void anAddressFilterHoldsForServersBehindASocksProxyWhichNeverHearsOfThem(String host) throws Exception {
		try (SocksScript proxy = SocksScript.start(this.upstream.port(),
				SocksScript.Answers.of(0, SocksScript.GRANTED))) {
			String uri = "http://" + host + ":" + this.upstream.port();
			ApplicationContextRunner runner = this.runner.withPropertyValues("http-pool.proxy.url=" + proxy.url());
			runner.withBean(InetAddressFilter.class, InetAddressFilter::externalAddresses).run((context) -> {
				RestClient client = context.getBean("pooledRestClient", RestClient.class);
				assertThatThrownBy(() -> client.get().uri(uri).retrieve().body(String.class))
					.isInstanceOf(FilteredHostException.class)
					.hasMessageContaining(host);
				assertThat(proxy.targets()).isEmpty();
			});
			// A method of this class that returns a filter would stop all its tests on
			// Boot 4.0.
			runner.withBean(InetAddressFilter.class, InetAddressFilter::internalAddresses).run((context) -> {
				RestClient client = context.getBean("pooledRestClient", RestClient.class);
				assertThat(client.get().uri(uri).retrieve().body(String.class)).isEqualTo("fine");
				assertThat(proxy.targets()).as("the address that passed, and no name")
					.containsExactly("127.0.0.1:" + this.upstream.port());
			});
		}
	}

	@Test
	@SinceBoot41
	void anAddressFilterSeesWhatTheSystemFindsForServersBehindASocksProxy() throws Exception {
		try (SocksScript proxy = SocksScript.start(this.upstream.port(),
				SocksScript.Answers.of(0, SocksScript.GRANTED))) {
			this.runner.withPropertyValues("http-pool.proxy.url=" + proxy.url())
				.withBean(InetAddressFilter.class, InetAddressFilter::externalAddresses)
				.run((context) -> {
					RestClient client = context.getBean("pooledRestClient", RestClient.class);
					for (String host : List.of("localhost", "127.0.0.1", "[::1]", "[::ffff:7f00:1]", "2130706433")) {
						assertThatThrownBy(() -> client.get().uri("http://" + host + "/").retrieve().body(String.class))
							.as(host)
							.isInstanceOf(FilteredHostException.class);
					}
					assertThat(proxy.targets()).isEmpty();
				});
		}
	}

	@Test
	void customizersOfSpringsClientsApply() {
		this.runner
			.withBean(RestClientCustomizer.class, () -> (builder) -> builder.defaultHeader("X-Customized", "client"))
			.withBean(RestTemplateCustomizer.class,
					() -> (template) -> template.getInterceptors().add((request, body, execution) -> {
						request.getHeaders().set("X-Customized", "template");
						return execution.execute(request, body);
					}))
			.run((context) -> {
				get(context.getBean("pooledRestClient", RestClient.class), "/");
				context.getBean("pooledRestTemplate", RestTemplate.class)
					.getForObject(this.upstream.uri("/"), String.class);
				assertThat(this.upstream.requests()).extracting((request) -> request.header("X-Customized"))
					.containsExactly("client", "template");
			});
	}

	@Test
	@SinceBoot41
	void customizersOfThePoolHaveTheLastWord() {
		this.runner.withUserConfiguration(BuilderCustomizer.class)
			.withBean(HttpPoolCustomizer.class, () -> new HttpPoolCustomizer() {

				@Override
				public void customizeClient(String pool, HttpClientBuilder client) {
					client.setUserAgent("last word of " + pool);
				}

				@Override
				public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
					connections.setMaxConnPerRoute(7);
				}

			})
			.run((context) -> {
				get(context.getBean("pooledRestClient", RestClient.class), "/");
				assertThat(this.upstream.requests().get(0).header("User-Agent")).isEqualTo("last word of default");
				assertThat(context.getBean(HttpPools.class).get("default").snapshot().limits().maxPerRoute())
					.isEqualTo(7);
			});
	}

	@Test
	void aFactoryCanBeChangedWithoutChangingThoseOfOthers() {
		this.runner.run((context) -> {
			ClientHttpRequestFactoryBuilder<HttpComponentsClientHttpRequestFactory> builder = pooledBuilder(context);
			HttpComponentsClientHttpRequestFactory changed = builder
				.withCustomizer((factory) -> factory.setReadTimeout(Duration.ofMillis(150)))
				.build();
			HttpComponentsClientHttpRequestFactory other = builder.build();
			assertThat(changed).isNotSameAs(other);
			assertTimesOut(() -> get(RestClient.builder().requestFactory(changed).build(), "/silent"));
			changed.destroy();
			assertThat(get(RestClient.builder().requestFactory(other).build(), "/")).as("the pool outlives its clients")
				.isEqualTo("fine");
		});
	}

	@SuppressWarnings("unchecked")
	private static ClientHttpRequestFactoryBuilder<HttpComponentsClientHttpRequestFactory> pooledBuilder(
			ApplicationContext context) {
		return context.getBean(ClientHttpRequestFactoryBuilder.class);
	}

	@Test
	void callsAreStillObserved() {
		this.runner.run((context) -> {
			get(context.getBean("pooledRestClient", RestClient.class), "/");
			context.getBean("pooledRestTemplate", RestTemplate.class)
				.getForObject(this.upstream.uri("/"), String.class);
			assertThat(context.getBean(MeterRegistry.class).get("http.client.requests").timers()).isNotEmpty()
				.allSatisfy((timer) -> assertThat(timer.count()).isPositive());
		});
	}

	private String get(RestClient client, String path) {
		return client.get().uri(this.upstream.uri(path)).retrieve().body(String.class);
	}

	private int status(RestClient client, String path) {
		return client.get()
			.uri(this.upstream.uri(path))
			.exchange((request, response) -> response.getStatusCode().value());
	}

	private static void assertTimesOut(ThrowingCallable call) {
		long started = System.nanoTime();
		assertThatExceptionOfType(ResourceAccessException.class).isThrownBy(call).withMessageContaining("timed out");
		assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofMillis(140),
				Duration.ofSeconds(5));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@ImportHttpServices(group = "upstream", types = Upstream.class)
	static class Application {

	}

	interface Upstream {

		@GetExchange("/silent")
		String silent();

	}

	@Configuration(proxyBeanMethods = false)
	static class BuilderCustomizer {

		private final AtomicInteger resolved = new AtomicInteger();

		private final AtomicInteger factories = new AtomicInteger();

		@Bean
		ClientHttpRequestFactoryBuilderCustomizer<HttpComponentsClientHttpRequestFactoryBuilder> everything() {
			return (builder) -> builder.withDnsResolver(new LoopbackResolver())
				.withHttpClientCustomizer((client) -> client.setUserAgent("customized"))
				.withDefaultRequestConfigCustomizer(
						(requests) -> requests.setResponseTimeout(Timeout.ofMilliseconds(1500)))
				.withCustomizer((factory) -> this.factories.incrementAndGet());
		}

		private final class LoopbackResolver extends SystemDefaultDnsResolver {

			@Override
			public InetAddress[] resolve(String host) throws UnknownHostException {
				BuilderCustomizer.this.resolved.incrementAndGet();
				return new InetAddress[] { InetAddress.getLoopbackAddress() };
			}

		}

	}

}
