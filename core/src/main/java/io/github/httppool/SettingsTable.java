package io.github.httppool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The values of settings by the names of their properties, and all invalid values.
 */
final class SettingsTable {

	private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

	private final Map<String, Object> values = new LinkedHashMap<>();

	private final List<Problem> problems = new ArrayList<>();

	Map<String, Object> values() {
		return Collections.unmodifiableMap(this.values);
	}

	List<Problem> problems() {
		return this.problems;
	}

	/**
	 * Add a value that is always valid.
	 */
	void value(String setting, Object value) {
		this.values.put(setting, value);
	}

	void number(String setting, int value, int least) {
		value(setting, value);
		atLeast(least, setting, value);
	}

	void size(String setting, long bytes) {
		value(setting, bytes);
		atLeast(0, setting, bytes);
	}

	void time(String setting, Duration value, int leastMillis) {
		value(setting, value);
		if (value.compareTo(Duration.ofMillis(leastMillis)) < 0) {
			String least = (leastMillis != 0) ? leastMillis + "ms" : "0";
			this.problems.add(new Problem(setting, value, "use a time of at least " + least));
		}
		if (value.compareTo(LONGEST) > 0) {
			this.problems.add(new Problem(setting, value, "use a time of at most 24 days"));
		}
	}

	void optionalTime(String setting, @Nullable Duration value, int leastMillis) {
		if (value != null) {
			time(setting, value, leastMillis);
		}
		else {
			value(setting, "none");
		}
	}

	void proxy(String setting, ProxySettings proxy) {
		value(setting, proxy);
		this.problems.addAll(proxy.problems());
	}

	void routes(String setting, List<RouteLimit> routes) {
		value(setting, routes);
		Map<RouteUri, String> entries = new HashMap<>();
		for (RouteLimit route : routes) {
			String entry = entry(setting, route.name());
			uri(entry, route.uri(), entries, "limits this one");
			atLeastOne(entry + ".max-connections", route.maxConnections());
		}
	}

	/**
	 * Add the warm-up. More connections than the pool keeps idle are allowed. The pool
	 * logs which ones it did not open.
	 */
	void warmUp(String setting, List<WarmUp> warmUp) {
		value(setting, warmUp);
		Map<RouteUri, String> entries = new HashMap<>();
		for (WarmUp route : warmUp) {
			String entry = entry(setting, route.name());
			uri(entry, route.uri(), entries, "opens connections of this one");
			atLeastOne(entry + ".connections", route.connections());
		}
	}

	private void uri(String entry, @Nullable String uri, Map<RouteUri, String> entries, String effect) {
		RouteUri route = (uri != null) ? RouteUri.parse(uri) : null;
		if (route == null) {
			this.problems.add(new Problem(entry + ".uri", (uri != null) ? RouteUri.withoutSecrets(uri) : "",
					"use scheme, host and port of the route, such as 'https://orders.example' "
							+ "or 'http://10.1.2.3:8080'"));
			return;
		}
		String other = entries.putIfAbsent(route, entry);
		if (other != null) {
			this.problems
				.add(new Problem(entry + ".uri", route, "use another route, because '%s' %s".formatted(other, effect)));
		}
	}

	private void atLeastOne(String setting, @Nullable Integer number) {
		if (number == null) {
			this.problems.add(new Problem(setting, "", "use a number of at least 1"));
		}
		else {
			atLeast(1, setting, number);
		}
	}

	private void atLeast(int least, String setting, long value) {
		if (value < least) {
			this.problems.add(new Problem(setting, value, "use a number of at least " + least));
		}
	}

	/**
	 * Return the name of a map's entry as in a properties file. Names with characters
	 * other than these need brackets.
	 */
	private static String entry(String map, String name) {
		return name.matches("[A-Za-z0-9_-]+") ? map + "." + name : map + "[" + name + "]";
	}

}
