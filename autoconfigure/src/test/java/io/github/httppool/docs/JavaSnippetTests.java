package io.github.httppool.docs;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.httppool.HttpPools;
import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.autoconfigure.HttpPoolRestClientAutoConfiguration;
import io.github.httppool.autoconfigure.HttpPoolRestTemplateAutoConfiguration;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.boot.SpringCloudIfAsked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.loadbalancer.LoadBalancerAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Component;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each Java snippet of the documentation is compiled. Configurations and components start
 * in an application, statements run, and what takes a number or a word is called. All
 * hosts are one upstream, behind a proxy.
 */
@Tag("slow")
class JavaSnippetTests {

	/** Snippets of this page are run by {@code TestingGuideTests}. */
	private static final Path TESTING = Path.of("docs/testing.md");

	@TempDir
	static Path output;

	private static JavaSnippets snippets;

	private static List<String> errors;

	private static URLClassLoader classes;

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		String body = exchange.path().contains("/stock/") ? "7" : "{\"id\": 7, \"state\": \"open\"}";
		exchange.ok(body.getBytes(StandardCharsets.UTF_8), "Content-Type: application/json");
	});

	@BeforeAll
	static void compile() {
		snippets = new JavaSnippets(Page.all()
			.stream()
			.filter((page) -> !page.path().equals(TESTING))
			.flatMap((page) -> page.snippets("java").stream())
			.toList(), output);
		errors = snippets.compile();
		classes = snippets.load();
	}

	@AfterAll
	static void unload() throws IOException {
		classes.close();
	}

	@AfterEach
	void close() {
		this.upstream.close();
	}

	@Test
	void everySnippetIsCompiled() {
		assertThat(snippets.byPackage()).hasSizeGreaterThan(15);
		assertThat(errors).isEmpty();
	}

	@Test
	void configurationsAndComponentsWork() throws ClassNotFoundException {
		for (Map.Entry<String, Page.Snippet> snippet : snippets.byPackage().entrySet()) {
			String text = snippet.getValue().text();
			if (!JavaSnippets.isOfStatements(text)) {
				List<Class<?>> beans = new ArrayList<>();
				for (String type : JavaSnippets.isOfTypes(text) ? JavaSnippets.types(text)
						: List.of(JavaSnippets.WRAPPER)) {
					Class<?> loaded = classes.loadClass(snippet.getKey() + "." + type);
					if (AnnotatedElementUtils.hasAnnotation(loaded, Component.class)) {
						beans.add(loaded);
					}
				}
				if (!beans.isEmpty()) {
					start(snippet.getValue(), beans);
				}
			}
		}
	}

	private void start(Page.Snippet snippet, List<Class<?>> beans) {
		boolean cloud = snippet.text().contains("@LoadBalanced");
		application().withPropertyValues(SpringCloudIfAsked.PROPERTY + "=" + cloud)
			.withUserConfiguration(beans.toArray(Class<?>[]::new))
			.run((context) -> {
				assertThat(context).as(snippet.toString()).hasNotFailed();
				for (String name : context.getBeanDefinitionNames()) {
					Class<?> type = context.getType(name);
					if (type != null && type.getClassLoader() == classes
							|| beans.stream().anyMatch((bean) -> isMadeBy(context, name, bean))) {
						call(context.getBean(name), snippet);
					}
				}
			});
	}

	private static boolean isMadeBy(ApplicationContext context, String name, Class<?> configuration) {
		return Arrays.stream(configuration.getDeclaredMethods()).anyMatch((method) -> method.getName().equals(name));
	}

	private void call(Object bean, Page.Snippet snippet) {
		Class<?> type = Arrays.stream(bean.getClass().getInterfaces())
			.filter((candidate) -> candidate.getClassLoader() == classes)
			.findFirst()
			.orElse(bean.getClass());
		if (type.getClassLoader() != classes) {
			return;
		}
		for (Method method : type.getDeclaredMethods()) {
			List<Class<?>> parameters = List.of(method.getParameterTypes());
			if (!Modifier.isPrivate(method.getModifiers()) && !method.isSynthetic() && parameters.size() == 1
					&& List.of(int.class, String.class).contains(parameters.get(0))) {
				ReflectionUtils.makeAccessible(method);
				int before = this.upstream.requests().size();
				assertThat(ReflectionUtils.invokeMethod(method, bean, (parameters.get(0) == int.class) ? 7 : "pen"))
					.as(snippet + " " + method.getName())
					.isNotNull();
				assertThat(this.upstream.requests()).as(snippet + " " + method.getName()).hasSizeGreaterThan(before);
			}
		}
	}

	@Test
	void statementsRun() {
		application().run((context) -> {
			for (Map.Entry<String, Page.Snippet> snippet : snippets.byPackage().entrySet()) {
				if (JavaSnippets.isOfStatements(snippet.getValue().text())
						&& !snippet.getValue().text().contains("https://")) {
					Class<?> type = classes.loadClass(snippet.getKey() + "." + JavaSnippets.WRAPPER);
					Object instance = type.getConstructor().newInstance();
					RestClient.Builder builder = context.getBean(RestClient.Builder.class)
						.baseUrl("http://orders.example");
					type.getField("httpPools").set(instance, context.getBean(HttpPools.class));
					type.getField("builder").set(instance, builder);
					for (String client : List.of("client", "restClient")) {
						type.getField(client).set(instance, builder.build());
					}
					type.getMethod("run").invoke(instance);
				}
			}
		});
	}

	private ApplicationContextRunner application() {
		return new ApplicationContextRunner().withClassLoader(classes)
			.withUserConfiguration(Application.class)
			.withPropertyValues("http-pool.proxy.url=" + this.upstream.url(),
					"http-pool.pools.orders.base-url=http://orders.example",
					"http-pool.pools.payments.base-url=http://payments.example",
					"spring.http.serviceclient.orders.base-url=http://orders.example");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, HttpClientAutoConfiguration.class,
			ImperativeHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
			RestTemplateAutoConfiguration.class, HttpServiceClientAutoConfiguration.class,
			HttpServiceClientPropertiesAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class,
			JacksonAutoConfiguration.class, MetricsAutoConfiguration.class,
			CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
			LoadBalancerAutoConfiguration.class, HttpPoolAutoConfiguration.class,
			HttpPoolRestClientAutoConfiguration.class, HttpPoolRestTemplateAutoConfiguration.class })
	static class Application {

	}

}
