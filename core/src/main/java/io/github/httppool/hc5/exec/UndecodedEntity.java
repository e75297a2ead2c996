package io.github.httppool.hc5.exec;

import io.github.httppool.hc5.pool.CallerFrames;
import org.apache.hc.client5.http.impl.classic.ContentCompressionExec;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Hides the encoding of a body from HttpClient's decoding, which fails on unknown
 * codings. Other code still sees it, because a customizer may replace HttpClient's
 * element with one that supports the coding.
 */
final class UndecodedEntity extends HttpEntityWrapper {

	UndecodedEntity(HttpEntity entity) {
		super(entity);
	}

	@Override
	public @Nullable String getContentEncoding() {
		return CallerFrames.contain(ContentCompressionExec.class, "execute") ? null : super.getContentEncoding();
	}

}
