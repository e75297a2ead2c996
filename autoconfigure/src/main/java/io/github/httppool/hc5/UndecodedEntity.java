package io.github.httppool.hc5;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Hides the encoding of a body from HttpClient's decoding, which fails on unknown
 * codings.
 */
final class UndecodedEntity extends HttpEntityWrapper {

	private final HttpEntity entity;

	UndecodedEntity(HttpEntity entity) {
		super(entity);
		this.entity = entity;
	}

	/**
	 * Shows the caller of a response the body with its encoding.
	 */
	static void reveal(ClassicHttpResponse response) {
		if (response.getEntity() instanceof UndecodedEntity undecoded) {
			response.setEntity(undecoded.entity);
		}
	}

	@Override
	public @Nullable String getContentEncoding() {
		return null;
	}

}
