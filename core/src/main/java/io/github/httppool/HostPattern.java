package io.github.httppool;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

import org.apache.hc.core5.net.InetAddressUtils;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for names or addresses of hosts.
 */
interface HostPattern {

	/**
	 * Return whether a host matches.
	 * @param host its {@linkplain #normalized normalized} name
	 * @param address its address, or {@code null} for a name
	 * @param port its port
	 */
	boolean matches(String host, byte @Nullable [] address, int port);

	/**
	 * Parse a pattern.
	 * @param text the pattern in lower case
	 * @param withBelow whether a name also matches its subdomains
	 * @return the pattern, or {@code null} if it is invalid
	 */
	static @Nullable HostPattern of(String text, boolean withBelow) {
		if (text.equals("*")) {
			return (host, address, port) -> true;
		}
		if (text.indexOf('/') >= 0) {
			return Addresses.of(text);
		}
		int colon = text.lastIndexOf(':');
		boolean bareAddress = text.indexOf(':') != colon && !text.startsWith("[");
		boolean withPort = !bareAddress && colon > text.indexOf(']') && colon >= 0;
		int port = withPort ? ProxyUrl.port(text.substring(colon + 1)) : -1;
		if (withPort && port < 0) {
			return null;
		}
		String host = normalized(withPort ? text.substring(0, colon) : text);
		byte[] address = address(host);
		return (address != null) ? new Addresses(address, address.length * 8, port) : Names.of(host, withBelow, port);
	}

	/**
	 * Return the name in lower case, without brackets and without the dot that ends a
	 * fully qualified name.
	 */
	static String normalized(String host) {
		String name = host.toLowerCase(Locale.ROOT);
		if (name.startsWith("[") && name.endsWith("]")) {
			name = name.substring(1, name.length() - 1);
		}
		return (name.endsWith(".") && name.length() > 1) ? name.substring(0, name.length() - 1) : name;
	}

	/**
	 * Return the bytes of an IP address. An IPv4-mapped IPv6 address has 4 bytes.
	 * @return the bytes, or {@code null} if the text is not an address
	 */
	static byte @Nullable [] address(String text) {
		int zone = text.indexOf('%');
		String plain = (zone >= 0) ? text.substring(0, zone) : text;
		if (!InetAddressUtils.isIPv4(plain) && plain.indexOf(':') < 0) {
			return null;
		}
		try {
			// Text with a colon causes no lookup.
			return InetAddress.getByName(plain).getAddress();
		}
		catch (UnknownHostException ex) {
			return null;
		}
	}

	/**
	 * Addresses that begin with the same bits.
	 *
	 * @param prefix an address
	 * @param bits number of bits that are compared
	 * @param port the port, or -1 for any
	 */
	record Addresses(byte[] prefix, int bits, int port) implements HostPattern {

		private static @Nullable HostPattern of(String block) {
			int slash = block.indexOf('/');
			byte[] prefix = address(block.substring(0, slash));
			String length = block.substring(slash + 1);
			if (prefix == null || !length.matches("[0-9]{1,3}")) {
				return null;
			}
			int bits = Integer.parseInt(length);
			return (bits <= prefix.length * 8) ? new Addresses(prefix, bits, -1) : null;
		}

		@Override
		public boolean matches(String host, byte @Nullable [] address, int port) {
			return address != null && address.length == this.prefix.length && (this.port < 0 || this.port == port)
					&& hasPrefix(address);
		}

		private boolean hasPrefix(byte[] address) {
			for (int bit = 0; bit < this.bits; bit += 8) {
				int unused = Math.max(0, 8 - (this.bits - bit));
				if (((this.prefix[bit / 8] ^ address[bit / 8]) & (0xff << unused) & 0xff) != 0) {
					return false;
				}
			}
			return true;
		}

	}

	/**
	 * A name, its subdomains, or both.
	 *
	 * @param name the name
	 * @param itself whether the name matches
	 * @param below whether its subdomains match
	 * @param port the port, or -1 for any
	 */
	record Names(String name, boolean itself, boolean below, int port) implements HostPattern {

		private static @Nullable HostPattern of(String text, boolean withBelow, int port) {
			String dotted = text.startsWith("*.") ? text.substring(1) : text;
			boolean onlyBelow = dotted.startsWith(".");
			String name = onlyBelow ? dotted.substring(1) : dotted;
			return name.matches("[\\p{L}\\p{N}_-][\\p{L}\\p{N}._-]*")
					? new Names(name, !onlyBelow, onlyBelow || withBelow, port) : null;
		}

		@Override
		public boolean matches(String host, byte @Nullable [] address, int port) {
			if (!host.endsWith(this.name) || (this.port >= 0 && this.port != port)) {
				return false;
			}
			int before = host.length() - this.name.length() - 1;
			return (before < 0) ? this.itself : this.below && host.charAt(before) == '.';
		}

	}

}
