package io.github.httppool.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.httppool.autoconfigure.properties.NamedBundles;
import io.github.httppool.autoconfigure.properties.WrittenProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.core.env.Environment;

/**
 * Explains a startup that failed because the SSL bundle of HTTP clients does not exist.
 */
final class UnknownBundleFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchSslBundleException> {

	private static final List<String> KINDS = List.of("jks", "pem");

	private final Environment environment;

	UnknownBundleFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchSslBundleException cause) {
		if (!this.environment.getProperty("http-pool.enabled", Boolean.class, true)) {
			return null;
		}
		String wanted = cause.getBundleName();
		WrittenProperties written = new WrittenProperties(this.environment);
		List<String> properties = written.withValue("spring.http", "ssl.bundle", wanted);
		if (properties.isEmpty()) {
			return null;
		}
		List<String> names = new ArrayList<>();
		KINDS.forEach((kind) -> names.addAll(Binder.get(this.environment)
			.bind("spring.ssl.bundle." + kind, Bindable.mapOf(String.class, Object.class))
			.map((bundles) -> List.copyOf(bundles.keySet()))
			.orElse(List.of())));
		List<String> lines = properties.stream().map((property) -> {
			Origin origin = written.originOf(property);
			return "Property '%s' has the value '%s', which is not an SSL bundle%s.".formatted(property, wanted,
					(origin != null) ? " (" + origin + ")" : "");
		}).toList();
		return new FailureAnalysis(String.join(System.lineSeparator(), lines),
				"For '%s', %s.".formatted(properties.get(0), NamedBundles.advice(wanted, names)), cause);
	}

}
