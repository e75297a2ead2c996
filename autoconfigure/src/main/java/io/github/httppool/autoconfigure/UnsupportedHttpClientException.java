package io.github.httppool.autoconfigure;

/**
 * Thrown when HttpClient or HttpCore on the class path is too old.
 */
final class UnsupportedHttpClientException extends IllegalStateException {

	UnsupportedHttpClientException(String client, String core) {
		super("HTTP Pool needs Apache HttpClient 5.6 or later on HttpCore 5.4 or later, and found HttpClient %s on HttpCore %s"
			.formatted(client, core));
	}

}
