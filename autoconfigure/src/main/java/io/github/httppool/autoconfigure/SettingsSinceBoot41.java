package io.github.httppool.autoconfigure;

import java.util.function.UnaryOperator;

import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpCookieHandling;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.util.ClassUtils;

/**
 * Accesses parts of {@link HttpClientSettings} that exist since Spring Boot 4.1. Other
 * classes must not refer to these types: Spring inspects all methods of a bean's class,
 * which fails on 4.0 if a signature contains a missing type.
 */
final class SettingsSinceBoot41 {

	static final String ADDRESS_FILTER = "org.springframework.boot.http.client.InetAddressFilter";

	static final String FILTERED_HOST = "org.springframework.boot.http.client.FilteredHostException";

	static final boolean PRESENT = ClassUtils.isPresent(ADDRESS_FILTER, SettingsSinceBoot41.class.getClassLoader());

	private SettingsSinceBoot41() {
	}

	/**
	 * Return the {@code InetAddressFilter} of a client, or {@code null} if there is none.
	 */
	static @Nullable Object addressFilter(HttpClientSettings settings) {
		return PRESENT ? settings.inetAddressFilter() : null;
	}

	/**
	 * Return a function that applies an {@link #addressFilter} to a resolver.
	 */
	static @Nullable UnaryOperator<DnsResolver> dnsFilter(@Nullable Object addressFilter) {
		return (addressFilter != null)
				? (resolver) -> new FilteredDnsResolver(resolver, (InetAddressFilter) addressFilter) : null;
	}

	static boolean keepsCookies(HttpClientSettings settings) {
		HttpCookieHandling cookieHandling = PRESENT ? settings.cookieHandling() : null;
		return cookieHandling != null && switch (cookieHandling) {
			case ENABLE, ENABLE_WHEN_POSSIBLE -> true;
			case DISABLE -> false;
		};
	}

	/**
	 * Return the settings without the values that are equal in others.
	 */
	static HttpClientSettings without(HttpClientSettings others, HttpClientSettings settings) {
		HttpClientSettings individual = settings;
		if (PRESENT && individual.cookieHandling() == others.cookieHandling()) {
			individual = individual.withCookieHandling(null);
		}
		if (PRESENT && individual.inetAddressFilter() == others.inetAddressFilter()) {
			individual = individual.withInetAddressFilter(null);
		}
		return individual;
	}

	static HttpClientSettings withoutAddressFilter(HttpClientSettings settings) {
		return PRESENT ? settings.withInetAddressFilter(null) : settings;
	}

}
