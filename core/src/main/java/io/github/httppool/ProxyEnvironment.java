package io.github.httppool;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The environment variables for proxies, with the rules of Go's {@code httpproxy}.
 * {@code ALL_PROXY} applies to a scheme whose own variable is not set.
 */
final class ProxyEnvironment {

	private final Map<String, String> variables;

	private final List<String> faulty;

	ProxyEnvironment(Map<String, String> variables, List<String> faulty) {
		this.variables = variables;
		this.faulty = faulty;
	}

	/**
	 * Return the proxy for a scheme.
	 */
	@Nullable ProxyServer proxyFor(String scheme) {
		ProxyServer proxy = null;
		if (scheme.equals("https")) {
			proxy = proxy("HTTPS_PROXY", "https_proxy");
		}
		// In a CGI program, HTTP_PROXY contains the client's header
		// "Proxy" (CVE-2016-5385).
		else if (value("REQUEST_METHOD", "REQUEST_METHOD") == null) {
			proxy = proxy("HTTP_PROXY", "http_proxy");
		}
		return (proxy != null) ? proxy : proxy("ALL_PROXY", "all_proxy");
	}

	DirectHosts directHosts(List<String> ignored) {
		String value = value("NO_PROXY", "no_proxy");
		return (value != null) ? DirectHosts.ofEnvironment(value, ignored) : DirectHosts.NONE;
	}

	private @Nullable ProxyServer proxy(String upper, String lower) {
		String value = value(upper, lower);
		if (value == null) {
			return null;
		}
		ProxyServer proxy = ProxyUrl.fromEnvironment(value);
		if (proxy == null && !this.faulty.contains(upper)) {
			this.faulty.add(upper);
		}
		return proxy;
	}

	private @Nullable String value(String upper, String lower) {
		String value = this.variables.get(upper);
		if (value == null || value.isBlank()) {
			value = this.variables.get(lower);
		}
		return (value == null || value.isBlank()) ? null : value.strip();
	}

}
