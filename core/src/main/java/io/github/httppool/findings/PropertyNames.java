package io.github.httppool.findings;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.httppool.HttpPoolSettings;

/**
 * Translates property names in messages. Messages are written with the names of the
 * shared pool. Users see the names of the pool concerned, because a pool with its own
 * settings ignores the properties of the shared pool.
 */
public final class PropertyNames {

	private static final String SHARED = "http-pool.";

	/**
	 * Matches only names of pool properties, because host names and paths may have the
	 * same prefix.
	 */
	private static final Pattern NAME = Pattern.compile(names(HttpPoolSettings.builder().build().values().keySet()));

	private PropertyNames() {
	}

	private static String names(Set<String> names) {
		return names.stream()
			.map(Pattern::quote)
			.collect(Collectors.joining("|", "(?<![\\w./'-])http-pool\\.(?=(?:", ")(?![\\w/@-]|:\\d))"));
	}

	/**
	 * Replace the property names in a text with those of a pool.
	 * @param text the text, with the property names of the shared pool
	 * @param prefix the prefix of the pool's properties, from
	 * {@link HttpPoolSettings#propertyPrefix()}
	 */
	public static String own(String text, String prefix) {
		return prefix.equals(SHARED) ? text : NAME.matcher(text).replaceAll(Matcher.quoteReplacement(prefix));
	}

}
