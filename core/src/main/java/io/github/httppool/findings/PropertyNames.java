package io.github.httppool.findings;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.httppool.HttpPoolSettings;

/**
 * Names of properties in messages. They are written as those of the shared pool, and told
 * to users as those of the pool that the message is about: what a further pool sets
 * itself does not follow the shared pool's property.
 */
public final class PropertyNames {

	private static final String SHARED = "http-pool.";

	/**
	 * Only names that a pool has of its own; host names and paths may begin like them.
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
	 * Return a text with the names of the properties of a pool.
	 * @param text the text, with the names of those of the shared pool
	 * @param prefix what stands in front of them, as of
	 * {@link HttpPoolSettings#propertyPrefix()}
	 */
	public static String own(String text, String prefix) {
		return prefix.equals(SHARED) ? text : NAME.matcher(text).replaceAll(Matcher.quoteReplacement(prefix));
	}

}
