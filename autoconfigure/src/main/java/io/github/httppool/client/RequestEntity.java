package io.github.httppool.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;

import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.StreamingHttpOutputMessage.Body;

/**
 * Adapts a body that Spring writes to HttpClient's entity.
 */
final class RequestEntity implements HttpEntity {

	private final HttpHeaders headers;

	private final Body body;

	RequestEntity(HttpHeaders headers, Body body) {
		this.headers = headers;
		this.body = body;
	}

	@Override
	public long getContentLength() {
		return this.headers.getContentLength();
	}

	@Override
	public @Nullable String getContentType() {
		return this.headers.getFirst(HttpHeaders.CONTENT_TYPE);
	}

	@Override
	public @Nullable String getContentEncoding() {
		return this.headers.getFirst(HttpHeaders.CONTENT_ENCODING);
	}

	@Override
	public void writeTo(OutputStream output) throws IOException {
		this.body.writeTo(output);
	}

	@Override
	public boolean isRepeatable() {
		return this.body.repeatable();
	}

	@Override
	public InputStream getContent() {
		throw new UnsupportedOperationException("The body can be written only");
	}

	@Override
	public boolean isStreaming() {
		return false;
	}

	@Override
	public boolean isChunked() {
		return false;
	}

	@Override
	public @Nullable Supplier<List<? extends Header>> getTrailers() {
		return null;
	}

	@Override
	public @Nullable Set<String> getTrailerNames() {
		return null;
	}

	@Override
	public void close() {
	}

}
