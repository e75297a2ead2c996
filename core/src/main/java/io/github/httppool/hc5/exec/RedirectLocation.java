package io.github.httppool.hc5.exec;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.httppool.hc5.net.HostName;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the {@code Location} of a response against the URI of the request (RFC 3986
 * section 5.2). The JDK implements the older RFC 2396: it keeps dot segments at the start
 * of a path, merges slashes, and drops the path of the request if the location is only a
 * query.
 */
final class RedirectLocation {

	/** From appendix B of RFC 3986. */
	private static final Pattern REFERENCE = Pattern
		.compile("(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(\\?[^#]*)?(#.*)?");

	private static final Pattern AUTHORITY = Pattern.compile("(.*@)?(\\[.*]|[^:\\[\\]]*)(:[0-9]*)?");

	private RedirectLocation() {
	}

	/**
	 * Resolves a location.
	 * @param base the URI of the request
	 * @param location the value of the field; each character is an octet
	 * @throws URISyntaxException if it is not a URI reference; the message contains no
	 * part of it
	 */
	static URI resolve(URI base, String location) throws URISyntaxException {
		String reference = toAscii(location);
		Matcher matcher = REFERENCE.matcher(reference);
		if (!isUri(reference) || !matcher.matches()) {
			throw invalid();
		}
		String scheme = matcher.group(1);
		String authority = matcher.group(2);
		String path = matcher.group(3);
		String query = matcher.group(4);
		if (scheme == null && authority == null) {
			if (path.isEmpty()) {
				path = base.getRawPath();
				query = (query != null || base.getRawQuery() == null) ? query : "?" + base.getRawQuery();
			}
			else if (!path.startsWith("/")) {
				path = base.getRawPath().substring(0, base.getRawPath().lastIndexOf('/') + 1) + path;
			}
		}
		if (authority == null && scheme == null) {
			authority = base.getRawAuthority();
		}
		String whole = ((scheme != null) ? scheme : base.getScheme()) + ":"
				+ ((authority != null) ? "//" + normalized(authority) : "") + absolute(path, authority) + text(query)
				+ text(matcher.group(5));
		return new URI(whole);
	}

	private static String text(@Nullable String part) {
		return (part != null) ? part : "";
	}

	private static String absolute(String path, @Nullable String authority) {
		if (authority == null) {
			return path;
		}
		return path.isEmpty() ? "/" : withoutDots(path.startsWith("/") ? path : "/" + path);
	}

	/**
	 * Percent-encodes each octet outside ASCII, so that the server gets back the octets
	 * that it sent, regardless of their charset.
	 */
	private static String toAscii(String location) {
		StringBuilder ascii = null;
		for (int i = 0; i < location.length(); i++) {
			char octet = location.charAt(i);
			if (octet >= 0x80 && octet <= 0xff) {
				ascii = (ascii != null) ? ascii : new StringBuilder(location.substring(0, i));
				ascii.append(String.format(Locale.ROOT, "%%%02X", (int) octet));
			}
			else if (ascii != null) {
				ascii.append(octet);
			}
		}
		return (ascii != null) ? ascii.toString() : location;
	}

	private static boolean isUri(String reference) {
		try {
			new URI(reference);
			return true;
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	/**
	 * Returns an authority with its host in lower case and in ASCII.
	 */
	private static String normalized(String authority) throws URISyntaxException {
		if (authority.isEmpty()) {
			// For example in a file URI.
			return authority;
		}
		Matcher matcher = AUTHORITY.matcher(authority);
		String host = matcher.matches() ? HostName.registered(matcher.group(2)) : null;
		if (host == null) {
			throw invalid();
		}
		return text(matcher.group(1)) + host.toLowerCase(Locale.ROOT) + text(matcher.group(3));
	}

	/**
	 * Removes dot segments (RFC 3986 section 5.2.4).
	 */
	static String withoutDots(String path) {
		if (!path.contains("/.")) {
			return path;
		}
		StringBuilder out = new StringBuilder(path.length());
		int at = 0;
		while (at < path.length()) {
			int end = path.indexOf('/', at + 1);
			int next = (end < 0) ? path.length() : end;
			String segment = path.substring(at, next);
			boolean up = segment.equals("/..");
			if (up) {
				out.setLength(Math.max(0, out.lastIndexOf("/")));
			}
			if (!up && !segment.equals("/.")) {
				out.append(segment);
			}
			else if (end < 0) {
				out.append('/');
			}
			at = next;
		}
		return out.toString();
	}

	private static URISyntaxException invalid() {
		return new URISyntaxException("Location", "invalid");
	}

}
