package io.github.httppool.sample;

import java.io.IOException;
import java.util.Map;

import org.springframework.http.client.ClientHttpResponse;

/**
 * What the caller does with the body of a response.
 */
enum BodyUse {

	/**
	 * Reads it to its end.
	 */
	READ,

	/**
	 * Looks at the status and leaves the rest to the pool.
	 */
	IGNORE;

	static BodyUse in(Map<String, String> parameters) {
		String value = parameters.getOrDefault("body", "read");
		return switch (value) {
			case "read" -> READ;
			case "ignore" -> IGNORE;
			default -> throw InvalidParameterException.value("body", value, "body=read or body=ignore");
		};
	}

	/**
	 * Use a response.
	 * @param response the response
	 * @return its status
	 * @throws IOException if the response cannot be read
	 */
	int use(ClientHttpResponse response) throws IOException {
		if (this == READ) {
			response.getBody().readAllBytes();
		}
		return response.getStatusCode().value();
	}

}
