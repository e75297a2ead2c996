package io.github.httppool;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

import org.apache.hc.core5.net.InetAddressUtils;
import org.jspecify.annotations.Nullable;

/**
 * Parses addresses of proxies. A property contains scheme, host and port, and nothing
 * else. An environment variable follows the rules of Go. {@link java.net.URI} is not
 * used, because it rejects host names with an underscore.
 */
final class ProxyUrl {

	private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443, "socks5", 1080);

	private final String scheme;

	private final @Nullable String userInfo;

	private final String host;

	private final @Nullable String port;

	private final boolean more;

	private ProxyUrl(String url) {
		int scheme = url.indexOf("://");
		String named = (scheme >= 0) ? url.substring(0, scheme).toLowerCase(Locale.ROOT) : "";
		this.scheme = named.equals("socks5h") ? "socks5" : named;
		String rest = (scheme >= 0) ? url.substring(scheme + 3) : url;
		int at = rest.lastIndexOf('@');
		this.userInfo = (at >= 0) ? rest.substring(0, at) : null;
		String hostAndPath = rest.substring(at + 1);
		int end = endOfAuthority(hostAndPath);
		this.more = end < hostAndPath.length() && !hostAndPath.substring(end).equals("/");
		String authority = hostAndPath.substring(0, end);
		int colon = authority.lastIndexOf(':');
		boolean withPort = colon > authority.lastIndexOf(']') && colon >= 0;
		this.port = withPort ? authority.substring(colon + 1) : null;
		this.host = withPort ? authority.substring(0, colon) : authority;
	}

	private static int endOfAuthority(String hostAndPath) {
		for (int i = 0; i < hostAndPath.length(); i++) {
			if ("/?#".indexOf(hostAndPath.charAt(i)) >= 0) {
				return i;
			}
		}
		return hostAndPath.length();
	}

	/**
	 * Check an address in a property.
	 * @return what to write instead, or {@code null} if the address is valid
	 */
	static @Nullable String advice(String url) {
		ProxyUrl parsed = new ProxyUrl(url);
		if (parsed.userInfo != null) {
			return "put the credentials into http-pool.proxy.username and http-pool.proxy.password, and the address "
					+ "without them";
		}
		if (!PORTS.containsKey(parsed.scheme)) {
			return "use an address that begins with http://, https:// or socks5://";
		}
		if (parsed.more || !parsed.hasHost()) {
			return "use scheme, host and port only, as in " + parsed.scheme + "://proxy.example.com:3128";
		}
		return (parsed.port == null || parsed.portNumber() < 0) ? "use a port from 1 to 65535 after the host" : null;
	}

	/**
	 * Return the proxy at a valid address.
	 */
	static ProxyServer server(String url, @Nullable String username, @Nullable String password) {
		ProxyUrl parsed = new ProxyUrl(url);
		return new ProxyServer(parsed.scheme, parsed.plainHost(), parsed.portNumber(), username, password);
	}

	/**
	 * Parse the value of an environment variable. The scheme is optional and defaults to
	 * {@code http}. The port and credentials are optional, too.
	 * @return the proxy, or {@code null} if the value is invalid
	 */
	static @Nullable ProxyServer fromEnvironment(String value) {
		ProxyUrl parsed = new ProxyUrl((value.contains("://") ? "" : "http://") + value);
		Integer usual = PORTS.get(parsed.scheme);
		int port = (parsed.port == null || parsed.port.isEmpty()) ? (usual != null) ? usual : -1 : parsed.portNumber();
		if (usual == null || !parsed.hasHost() || port < 0) {
			return null;
		}
		String username = null;
		String password = null;
		if (parsed.userInfo != null) {
			int colon = parsed.userInfo.indexOf(':');
			username = decoded((colon >= 0) ? parsed.userInfo.substring(0, colon) : parsed.userInfo);
			password = (colon >= 0) ? decoded(parsed.userInfo.substring(colon + 1)) : "";
			if (username == null || password == null || Credentials.advice(parsed.scheme, username, password) != null) {
				return null;
			}
		}
		return new ProxyServer(parsed.scheme, parsed.plainHost(), port, username, password);
	}

	private static @Nullable String decoded(String text) {
		try {
			return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * Return an address without its credentials, for messages.
	 */
	static String shown(String url) {
		int at = url.lastIndexOf('@');
		int scheme = url.indexOf("://");
		return (at < 0) ? url
				: ((scheme >= 0 && scheme < at) ? url.substring(0, scheme + 3) : "") + "***" + url.substring(at);
	}

	private boolean hasHost() {
		if (this.host.startsWith("[")) {
			return this.host.endsWith("]") && InetAddressUtils.isIPv6(plainHost());
		}
		return !this.host.isEmpty() && this.host.chars().allMatch(ProxyUrl::isOfHost);
	}

	private static boolean isOfHost(int character) {
		return Character.isLetterOrDigit(character) || character == '.' || character == '-' || character == '_';
	}

	private String plainHost() {
		return this.host.startsWith("[") ? this.host.substring(1, this.host.length() - 1) : this.host;
	}

	private int portNumber() {
		return port(this.port);
	}

	/**
	 * Parse a port.
	 * @return the port, or -1 if it is invalid
	 */
	static int port(@Nullable String text) {
		if (text == null || text.isEmpty() || text.length() > 5
				|| !text.chars().allMatch((c) -> c >= '0' && c <= '9')) {
			return -1;
		}
		int port = Integer.parseInt(text);
		return (port >= 1 && port <= 65535) ? port : -1;
	}

	/**
	 * Checks the credentials for a proxy.
	 */
	static final class Credentials {

		/** The lengths are one byte in RFC 1929. */
		private static final int LONGEST_OF_SOCKS = 255;

		private Credentials() {
		}

		/**
		 * Check credentials.
		 * @return what to write instead, or {@code null} if they are valid
		 */
		static @Nullable String advice(String scheme, String username, String password) {
			if (username.chars().anyMatch(Character::isISOControl)
					|| password.chars().anyMatch(Character::isISOControl)) {
				return "use credentials without control characters";
			}
			if (scheme.equals("socks5")) {
				return (fits(username) && fits(password)) ? null
						: "use user name and password of 1 to 255 bytes each, which is all that SOCKS can carry";
			}
			return (username.indexOf(':') < 0) ? null : "use a user name without a colon, which ends it in HTTP";
		}

		private static boolean fits(String text) {
			int length = text.getBytes(StandardCharsets.UTF_8).length;
			return length >= 1 && length <= LONGEST_OF_SOCKS;
		}

	}

}
