package io.github.httppool.hc5.net;

import java.net.IDN;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Converts the host of a URI to the forms that TLS, the resolver and proxies expect.
 */
public final class HostName {

	private HostName() {
	}

	/**
	 * Returns the name that a certificate must be for and that the handshake asks for
	 * (RFC 6066 section 3): without a trailing dot and without a zone.
	 */
	public static String forTls(String host) {
		String name = withoutZone(host);
		int zone = (name.indexOf(':') >= 0) ? name.indexOf('%') : -1;
		if (zone >= 0) {
			return name.substring(0, zone);
		}
		return (name.endsWith(".") && name.length() > 1) ? name.substring(0, name.length() - 1) : name;
	}

	/**
	 * Removes the zone of an IPv6 address in brackets, which is meaningful on this
	 * machine only (RFC 6874 section 4).
	 */
	static String withoutZone(String host) {
		int zone = (host.startsWith("[") && host.endsWith("]")) ? host.indexOf('%') : -1;
		return (zone < 0) ? host : host.substring(0, zone) + "]";
	}

	/**
	 * Returns an address in the JDK's form. The JDK supports zones, but not the
	 * percent-encoded delimiter that a URI puts before one (RFC 6874 section 2).
	 */
	public static String forLookup(String host) {
		int zone = (host.indexOf(':') >= 0) ? host.indexOf("%25") : -1;
		String name = (zone < 0) ? "" : host.substring(zone + 3);
		// A network interface may also be named 25.
		return (name.isEmpty() || name.equals("]")) ? host : host.substring(0, zone + 1) + name;
	}

	/**
	 * Returns the registered name that an encoded one stands for (RFC 3986 section
	 * 3.2.2).
	 * @param encoded the name, with non-ASCII characters percent-encoded as UTF-8
	 * @return the name in ASCII, or {@code null} if there is none
	 */
	public static @Nullable String registered(String encoded) {
		if (encoded.startsWith("[")) {
			return encoded;
		}
		try {
			String name = IDN.toASCII(URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
			return (!name.isEmpty() && name.chars().allMatch(HostName::isAllowed)) ? name : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static boolean isAllowed(int character) {
		return character > ' ' && character < 0x7f && "\"#%/:<>?@[\\]^`{|}".indexOf(character) < 0;
	}

}
