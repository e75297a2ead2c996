package io.github.httppool.hc5;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Parses the head of a response as HttpClient does, and remembers the connection's
 * buffer, which is not visible otherwise.
 */
final class BufferSeeingParser
		implements HttpMessageParser<ClassicHttpResponse>, HttpMessageParserFactory<ClassicHttpResponse> {

	private final HttpMessageParser<ClassicHttpResponse> delegate = DefaultHttpResponseParserFactory.INSTANCE.create();

	private volatile @Nullable SessionInputBuffer buffer;

	@Override
	@Deprecated
	public HttpMessageParser<ClassicHttpResponse> create(Http1Config config) {
		return this;
	}

	@Override
	public HttpMessageParser<ClassicHttpResponse> create() {
		return this;
	}

	@Override
	public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream inputStream)
			throws IOException, HttpException {
		if (this.buffer == null) {
			this.buffer = buffer;
		}
		return this.delegate.parse(buffer, inputStream);
	}

	/**
	 * Say whether bytes were read from the socket that nobody has taken.
	 */
	boolean hasUnreadBytes() {
		SessionInputBuffer buffer = this.buffer;
		return buffer != null && buffer.length() > 0;
	}

}
