package io.github.httppool.autoconfigure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.hc.core5.util.VersionInfo;

/**
 * Checks that HttpClient and HttpCore are recent enough. Spring Boot 4.0 manages older
 * versions, with which the engine would fail at runtime. Before version 5.4, HttpCore's
 * pool also loses a connection if a wait for it ends at the wrong moment.
 */
final class HttpClientVersions {

	private static final int CLIENT_MINOR = 6;

	private static final int CORE_MINOR = 4;

	private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

	private HttpClientVersions() {
	}

	/**
	 * Check the versions on the class path. Unknown versions are accepted.
	 * @throws UnsupportedHttpClientException if they are too old
	 */
	static void check(ClassLoader classLoader) {
		String client = release("org.apache.hc.client5", classLoader);
		String core = release("org.apache.hc.core5", classLoader);
		if (isBefore(CLIENT_MINOR, client) || isBefore(CORE_MINOR, core)) {
			throw new UnsupportedHttpClientException(client, core);
		}
	}

	private static String release(String name, ClassLoader classLoader) {
		VersionInfo info = VersionInfo.loadVersionInfo(name, classLoader);
		return (info != null) ? info.getRelease() : VersionInfo.UNAVAILABLE;
	}

	private static boolean isBefore(int minor, String release) {
		Matcher version = VERSION.matcher(release);
		return version.matches() && Integer.parseInt(version.group(1)) == 5
				&& Integer.parseInt(version.group(2)) < minor;
	}

}
