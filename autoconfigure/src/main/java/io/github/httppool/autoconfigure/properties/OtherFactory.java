package io.github.httppool.autoconfigure.properties;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Finds properties of the shared pool in an application whose clients use another request
 * factory. Properties of further pools still have an effect, because a qualifier selects
 * their clients.
 */
final class OtherFactory {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("http-pool");

	private static final List<ConfigurationPropertyName> OTHERS = List.of(ROOT.append("pools"), ROOT.append("metrics"),
			ROOT.append("enabled"));

	private OtherFactory() {
	}

	/**
	 * Return a sentence that lists such properties, if there are any.
	 */
	static List<String> withoutEffect(Environment environment, WrittenProperties written) {
		Set<String> names = new TreeSet<>();
		written.sources().forEach((source) -> {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream()
					.filter((name) -> ROOT.isAncestorOf(name)
							&& OTHERS.stream().noneMatch((other) -> other.equals(name) || other.isAncestorOf(name)))
					.forEach((name) -> names.add(name.toString()));
			}
		});
		if (names.isEmpty()) {
			return List.of();
		}
		String why = SelectedFactory.isPooled(environment) ? "a ClientHttpRequestFactoryBuilder bean of the application"
				: SelectedFactory.PROPERTY + "=" + environment.getProperty(SelectedFactory.PROPERTY);
		return List.of(("%s %s no effect on the clients of Spring Boot's builders and HTTP service groups, because %s "
				+ "selects another request factory. Where there are a 'pooledRestClient', a 'pooledRestTemplate' or "
				+ "further pools, it counts for these")
			.formatted(String.join(", ", names), (names.size() == 1) ? "has" : "have", why));
	}

}
