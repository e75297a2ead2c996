package io.github.httppool.autoconfigure.properties;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.Origin;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/**
 * Describes a value below {@code http-pool} that cannot be converted, such as a duration
 * with an unknown unit, in terms of the property.
 *
 * @param description what is wrong
 * @param advice what to use instead
 */
public record InvalidValue(String description, String advice) {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("http-pool");

	private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([+-]?\\d+)\\s*([a-zA-Z]+)");

	/**
	 * By the prefix of the unit, longest first.
	 */
	private static final List<Map.Entry<String, String>> UNITS_OF_TIME = List.of(Map.entry("mic", "us"),
			Map.entry("mil", "ms"), Map.entry("ms", "ms"), Map.entry("min", "m"), Map.entry("n", "ns"),
			Map.entry("s", "s"), Map.entry("m", "m"), Map.entry("h", "h"), Map.entry("d", "d"));

	private static final List<Map.Entry<String, String>> UNITS_OF_SIZE = List.of(Map.entry("k", "KB"),
			Map.entry("m", "MB"), Map.entry("g", "GB"), Map.entry("b", "B"));

	/**
	 * Return the description of an invalid value of HTTP Pool.
	 * @return the invalid value, or {@code null} if the failure has another reason
	 */
	public static @Nullable InvalidValue of(BindException failure) {
		ConfigurationPropertyName name = failure.getName();
		boolean poolProperty = name.equals(ROOT) || ROOT.isAncestorOf(name);
		if (!poolProperty || !isConversion(failure.getCause())) {
			return null;
		}
		ConfigurationProperty property = failure.getProperty();
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(failure.getTarget().getType().toClass());
		String text = (property != null) ? String.valueOf(property.getValue()) : "";
		Origin origin = (property != null) ? property.getOrigin() : null;
		boolean single = isSingle(type);
		return new InvalidValue(
				"Property '%s' %s%s.".formatted(name,
						single ? "has the value '" + text + "', which is " + kind(type)
								: "has a value, but takes none: it has properties below it",
						(origin != null) ? " (" + origin + ")" : ""),
				"For '%s', %s.".formatted(name, single ? "use " + example(type) + meant(type, text)
						: "set the properties below it, such as '" + name + "." + child(name) + "'"));
	}

	private static boolean isConversion(@Nullable Throwable cause) {
		return cause instanceof ConversionFailedException || cause instanceof ConverterNotFoundException;
	}

	private static boolean isSingle(Class<?> type) {
		return type == Duration.class || type == DataSize.class || type == Boolean.class || type.isEnum()
				|| Number.class.isAssignableFrom(type);
	}

	private static String kind(Class<?> type) {
		if (type == Duration.class) {
			return "not a duration";
		}
		if (type == DataSize.class) {
			return "not a size";
		}
		return type.isEnum() ? "not one of its choices"
				: (type == Boolean.class) ? "neither true nor false" : "not a whole number in its range";
	}

	private static String example(Class<?> type) {
		if (type == Duration.class) {
			return "a number and one of the units ms, s, m, h and d, such as '3s'";
		}
		if (type == DataSize.class) {
			return "a number and one of the units B, KB, MB and GB, such as '64KB'";
		}
		if (type.isEnum()) {
			return "one of "
					+ choices(type).stream().map((choice) -> "'" + choice + "'").collect(Collectors.joining(", "));
		}
		return (type == Boolean.class) ? "'true' or 'false'" : "a number in digits only, such as '50'";
	}

	private static String meant(Class<?> type, String text) {
		String meant = null;
		if (type.isEnum()) {
			meant = NearestName.of(text, choices(type));
		}
		else if (type == Boolean.class) {
			meant = NearestName.of(text, List.of("true", "false"));
		}
		else {
			Matcher parts = NUMBER_AND_UNIT.matcher(text.strip());
			if (parts.matches() && (type == Duration.class || type == DataSize.class)) {
				String unit = parts.group(2).toLowerCase(Locale.ROOT);
				meant = (type == Duration.class ? UNITS_OF_TIME : UNITS_OF_SIZE).stream()
					.filter((entry) -> unit.startsWith(entry.getKey()))
					.map((entry) -> parts.group(1) + entry.getValue())
					.findFirst()
					.orElse(null);
			}
		}
		return (meant != null) ? ": perhaps '" + meant + "' is meant" : "";
	}

	private static List<String> choices(Class<?> type) {
		return Arrays.stream(type.getEnumConstants())
			.map((choice) -> ((Enum<?>) choice).name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.toList();
	}

	/**
	 * Return the first property below the given one.
	 */
	private static String child(ConfigurationPropertyName name) {
		KnownProperties properties = KnownProperties.of(HttpPoolProperties.class);
		for (int i = 1; i < name.getNumberOfElements() && properties != null; i++) {
			properties = properties.child(name, i);
		}
		return (properties == null || properties.paths().isEmpty()) ? KnownProperties.ANY : properties.paths().get(0);
	}

}
