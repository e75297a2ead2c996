package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A body that can be read up to a limit.
 */
final class LimitedEntity extends HttpEntityWrapper {

	private final BodyLimit limit;

	private final boolean decoded;

	/** The single stream for all callers, so that there is one count. */
	private volatile @Nullable InputStream content;

	LimitedEntity(HttpEntity entity, BodyLimit limit, boolean decoded) {
		super(entity);
		this.limit = limit;
		this.decoded = decoded;
	}

	@Override
	public InputStream getContent() throws IOException {
		InputStream content = this.content;
		if (content == null) {
			content = new LimitedBody(super.getContent(), this.limit, this.decoded, getContentLength());
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
