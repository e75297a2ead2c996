package io.github.httppool;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Hosts that are reached without the proxy. Names are compared as text and never looked
 * up. Immutable.
 */
final class DirectHosts {

	static final DirectHosts NONE = new DirectHosts(List.of());

	private final List<HostPattern> patterns;

	private DirectHosts(List<HostPattern> patterns) {
		this.patterns = List.copyOf(patterns);
	}

	/**
	 * Parse the patterns of a property, where a name matches one host.
	 * @param refused receives the invalid ones
	 */
	static DirectHosts ofProperty(List<String> patterns, List<String> refused) {
		return of(patterns, false, refused);
	}

	/**
	 * Parse {@code NO_PROXY}, where a name matches a host and its subdomains.
	 * @param refused receives the invalid ones
	 */
	static DirectHosts ofEnvironment(String value, List<String> refused) {
		List<String> patterns = new ArrayList<>();
		for (String pattern : value.split(",")) {
			if (!pattern.isBlank()) {
				patterns.add(pattern);
			}
		}
		return of(patterns, true, refused);
	}

	private static DirectHosts of(List<String> texts, boolean subdomains, List<String> refused) {
		List<HostPattern> patterns = new ArrayList<>();
		for (String text : texts) {
			HostPattern pattern = HostPattern.of(text.strip().toLowerCase(Locale.ROOT), subdomains);
			if (pattern != null) {
				patterns.add(pattern);
			}
			else {
				refused.add(text);
			}
		}
		return new DirectHosts(patterns);
	}

	boolean contains(String host, int port) {
		if (this.patterns.isEmpty()) {
			return false;
		}
		String name = HostPattern.normalized(host);
		byte[] address = HostPattern.address(name);
		for (HostPattern pattern : this.patterns) {
			if (pattern.matches(name, address, port)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether a host is {@code localhost} or a loopback address.
	 */
	static boolean isLoopback(String host) {
		String name = HostPattern.normalized(host);
		if (name.equals("localhost")) {
			return true;
		}
		try {
			byte[] address = HostPattern.address(name);
			return address != null && InetAddress.getByAddress(address).isLoopbackAddress();
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

}
