package io.github.httppool.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;

/**
 * What a caller does with the application's client.
 */
@FunctionalInterface
interface Caller {

	/** Reads the whole response, as most callers do. */
	Caller READS = (scene) -> Answer.of(scene.client().get().uri("/case").retrieve().toEntity(String.class));

	/** Looks at the status, and closes the response without reading its body. */
	Caller IGNORES = (scene) -> scene.client().get().uri("/case").exchange(Caller::status);

	/** Asks for the head alone. */
	Caller HEAD = (scene) -> Answer.of(scene.client().head().uri("/case").retrieve().toBodilessEntity());

	/** Posts a short text. */
	Caller POSTS = posts("short");

	Answer call(Scene scene) throws Exception;

	static Caller posts(Object body) {
		return (scene) -> Answer.of(scene.client().post().uri("/case").body(body).retrieve().toEntity(String.class));
	}

	/**
	 * Get something else than the case from the server.
	 * @param uri a path, or a whole URL
	 */
	static Caller reads(String uri) {
		return (scene) -> Answer.of(scene.client().get().uri(uri).retrieve().toEntity(String.class));
	}

	/**
	 * Read so many bytes of the body, and close it.
	 */
	static Caller readsOnly(int bytes) {
		return (scene) -> scene.client().get().uri("/case").exchange((request, response) -> {
			byte[] read = response.getBody().readNBytes(bytes);
			return new Answer(response.getStatusCode().value(), new String(read, StandardCharsets.ISO_8859_1));
		});
	}

	private static Answer status(Object request, RestClient.RequestHeadersSpec.ConvertibleClientHttpResponse response)
			throws IOException {
		return new Answer(response.getStatusCode().value(), "");
	}

	/**
	 * Take the stream, as callers do that read later.
	 */
	static InputStream stream(Scene scene) {
		InputStream body = scene.client().get().uri("/case").retrieve().body(InputStream.class);
		if (body == null) {
			throw new IllegalStateException("There is no body");
		}
		return body;
	}

	/**
	 * What a caller got.
	 */
	record Answer(int status, String body) {

		static Answer of(ResponseEntity<?> response) {
			return new Answer(response.getStatusCode().value(),
					(response.getBody() instanceof String text) ? text : "");
		}

	}

}
