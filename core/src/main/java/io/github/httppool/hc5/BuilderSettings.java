package io.github.httppool.hc5;

import java.lang.reflect.Field;
import java.net.ProxySelector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.net.Exceptions;
import org.apache.hc.client5.http.AuthenticationStrategy;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.UserTokenHandler;
import org.apache.hc.client5.http.impl.DefaultAuthenticationStrategy;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.ProtocolExec;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings of HttpClient's builder, read by reflection because the builder has no
 * getters.
 *
 * @hidden
 */
final class BuilderSettings {

	/** The fields that are read, all of {@link HttpClientBuilder}. */
	static final List<String> FIELDS = List.of("reuseStrategy", "targetAuthStrategy", "proxyAuthStrategy",
			"userTokenHandler", "schemePortResolver", "routePlanner", "proxy", "proxySelector", "authCachingDisabled",
			"evictExpiredConnections", "evictIdleConnections");

	private static final Logger log = LoggerFactory.getLogger(BuilderSettings.class);

	/** Empty if this version of HttpClient has different fields. */
	private static final Map<String, Field> READABLE = readable();

	private final HttpClientBuilder builder;

	BuilderSettings(HttpClientBuilder builder) {
		this.builder = builder;
	}

	private static Map<String, Field> readable() {
		Map<String, Field> fields = new HashMap<>();
		try {
			for (String name : FIELDS) {
				Field field = HttpClientBuilder.class.getDeclaredField(name);
				field.setAccessible(true);
				fields.put(name, field);
			}
			return fields;
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			log.warn(MessageLines
				.of("The settings of HttpClientBuilder cannot be read in this version of HttpClient. A "
						+ "proxy, a connection reuse strategy and a user token handler of a customizer may have no effect ("
						+ Exceptions.messageOrType(ex) + ")"));
			return Map.of();
		}
	}

	/**
	 * Returns whether the settings can be read with this version of HttpClient.
	 * @return {@code true} if they can be read
	 */
	static boolean areReadable() {
		return !READABLE.isEmpty();
	}

	private @Nullable Object read(String name) {
		Field field = READABLE.get(name);
		try {
			return (field != null) ? field.get(this.builder) : null;
		}
		catch (IllegalAccessException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Nullable ConnectionReuseStrategy reuseStrategy() {
		return (ConnectionReuseStrategy) read("reuseStrategy");
	}

	@Nullable UserTokenHandler userTokenHandler() {
		return (UserTokenHandler) read("userTokenHandler");
	}

	@Nullable HttpRoutePlanner routePlanner() {
		return (HttpRoutePlanner) read("routePlanner");
	}

	@Nullable HttpHost proxy() {
		return (HttpHost) read("proxy");
	}

	@Nullable ProxySelector proxySelector() {
		return (ProxySelector) read("proxySelector");
	}

	/**
	 * Creates HttpClient's authentication element as its builder would.
	 * @return a new element
	 */
	ProtocolExec protocolExec() {
		return new ProtocolExec(authenticationStrategy("targetAuthStrategy"),
				authenticationStrategy("proxyAuthStrategy"),
				Objects.requireNonNullElse((SchemePortResolver) read("schemePortResolver"),
						DefaultSchemePortResolver.INSTANCE),
				Boolean.TRUE.equals(read("authCachingDisabled")));
	}

	private AuthenticationStrategy authenticationStrategy(String name) {
		return Objects.requireNonNullElse((AuthenticationStrategy) read(name), DefaultAuthenticationStrategy.INSTANCE);
	}

	/**
	 * Returns the setters that were called but have no effect on a client of a pool.
	 */
	List<String> withoutEffect() {
		List<String> setters = new ArrayList<>();
		if (this.builder.getConnManager() != null) {
			setters.add("setConnectionManager");
		}
		for (String eviction : List.of("evictExpiredConnections", "evictIdleConnections")) {
			if (Boolean.TRUE.equals(read(eviction))) {
				setters.add(eviction);
			}
		}
		return setters;
	}

}
