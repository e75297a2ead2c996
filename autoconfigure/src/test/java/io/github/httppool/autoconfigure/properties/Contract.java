package io.github.httppool.autoconfigure.properties;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The properties as the contract of this project lists them: a copy on purpose, against
 * which all else is held.
 */
public final class Contract {

	/** There is no value unless somebody writes one. */
	static final String NONE = "none";

	/** Names without {@code http-pool.}, and defaults. */
	static final Map<String, String> PROPERTIES = new LinkedHashMap<>();

	static {
		PROPERTIES.put("enabled", "true");
		PROPERTIES.put("max-total", "200");
		PROPERTIES.put("max-per-route", "50");
		PROPERTIES.put("max-idle-per-route", "as max-per-route");
		PROPERTIES.put("max-pending", "1000");
		PROPERTIES.put("acquire-timeout", "3s");
		PROPERTIES.put("connect-timeout", "2s");
		PROPERTIES.put("connect-fallback-delay", "250ms");
		PROPERTIES.put("tls-handshake-timeout", "5s");
		PROPERTIES.put("response-timeout", "30s");
		PROPERTIES.put("call-timeout", NONE);
		PROPERTIES.put("expect-continue-timeout", "1s");
		PROPERTIES.put("keep-alive", "true");
		PROPERTIES.put("idle-timeout", "50s");
		PROPERTIES.put("time-to-live", "5m");
		PROPERTIES.put("validate-after-inactivity", "10ms");
		PROPERTIES.put("reuse-policy", "lifo");
		PROPERTIES.put("drain.max-bytes", "64KB");
		PROPERTIES.put("drain.max-time", "50ms");
		PROPERTIES.put("max-error-body", "1MB");
		PROPERTIES.put("max-body", NONE);
		PROPERTIES.put("compression", "true");
		PROPERTIES.put("retry-stale", "true");
		PROPERTIES.put("leak-detection-threshold", NONE);
		PROPERTIES.put("proxy.url", NONE);
		PROPERTIES.put("proxy.username", NONE);
		PROPERTIES.put("proxy.password", NONE);
		PROPERTIES.put("proxy.non-proxy-hosts", NONE);
		PROPERTIES.put("proxy.from-environment", "false");
		PROPERTIES.put("routes.<name>.uri", NONE);
		PROPERTIES.put("routes.<name>.max-connections", NONE);
		PROPERTIES.put("warm-up.<name>.uri", NONE);
		PROPERTIES.put("warm-up.<name>.connections", NONE);
		PROPERTIES.put("metrics.convention", "micrometer");
	}

	/** What a further pool has beside what it inherits. */
	static final List<String> OF_FURTHER_POOLS = List.of("base-url", "ssl-bundle");

	/** What is of the application, and not of a pool. */
	static final Set<String> OF_THE_APPLICATION = Set.of("enabled", "metrics.convention");

	private Contract() {
	}

	/**
	 * Return the full names of all properties.
	 */
	public static List<String> names() {
		return Stream
			.concat(PROPERTIES.keySet().stream(), OF_FURTHER_POOLS.stream().map((name) -> "pools.<name>." + name))
			.map((name) -> "http-pool." + name)
			.toList();
	}

	static boolean hasDefault(String property) {
		String value = PROPERTIES.get(property);
		return value != null && !value.equals(NONE) && !value.startsWith("as ");
	}

	/**
	 * Return the names of all properties of a further pool, relative to it.
	 */
	static List<String> ofFurtherPools() {
		return Stream
			.concat(PROPERTIES.keySet().stream().filter((name) -> !OF_THE_APPLICATION.contains(name)),
					OF_FURTHER_POOLS.stream())
			.toList();
	}

}
