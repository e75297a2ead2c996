package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A body before the first step of its decoding, or after one of them.
 */
final class DecodingEntity extends HttpEntityWrapper {

	private final BodyDecoding decoding;

	private final @Nullable String encoding;

	private final boolean decoded;

	/** The single stream for all callers of {@link #getContent()}. */
	private volatile @Nullable InputStream content;

	private DecodingEntity(HttpEntity entity, BodyDecoding decoding, @Nullable String encoding, boolean decoded) {
		super(entity);
		this.decoding = decoding;
		this.encoding = encoding;
		this.decoded = decoded;
	}

	/**
	 * Returns a body before the first step of its decoding.
	 */
	static HttpEntity encoded(HttpEntity entity, BodyDecoding decoding, String encoding) {
		return new DecodingEntity(entity, decoding, encoding, false);
	}

	/**
	 * Returns a body after the next step of its decoding.
	 */
	static HttpEntity decoded(HttpEntity entity, BodyDecoding decoding) {
		return new DecodingEntity(entity, decoding, null, decoding.nextIsLast());
	}

	@Override
	public @Nullable String getContentEncoding() {
		return this.encoding;
	}

	@Override
	public InputStream getContent() throws IOException {
		InputStream content = this.content;
		if (content == null) {
			content = new DecodingStream(super.getContent(), this.decoding, this.decoded);
			this.content = content;
		}
		return content;
	}

	/**
	 * Accepts a null stream, as HttpClient's own entities do.
	 */
	@Override
	public void writeTo(@Nullable OutputStream output) throws IOException {
		AbstractHttpEntity.writeTo(this, (output != null) ? output : OutputStream.nullOutputStream());
	}

}
