package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A chunked body. Extends HttpCore's stream only because HttpClient looks for trailers in
 * instances of that class; it uses nothing of its superclass.
 */
final class ChunkedBody extends ChunkedInputStream implements DrainableBody {

	private final ChunkDecoder decoder;

	private final BodyEvents events;

	private final @Nullable Object attachment;

	private byte @Nullable [] one;

	ChunkedBody(ReadBuffer buffer, InputStream inputStream, FieldReader fields, ExchangeEvents exchange) {
		super(buffer, inputStream, Http1Config.DEFAULT);
		this.decoder = new ChunkDecoder(buffer, inputStream, fields);
		this.events = exchange.responseBodyStarts(this);
		this.attachment = this.events.attachment();
	}

	@Override
	public int read() throws IOException {
		byte[] one = this.one;
		if (one == null) {
			one = new byte[1];
			this.one = one;
		}
		return (read(one, 0, 1) == 1) ? one[0] & 0xff : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (!this.events.readStarts()) {
			return -1;
		}
		int read = BodyEvents.FAILED;
		try {
			read = this.decoder.read(bytes, offset, Math.min(length, DrainableBody.MAX_READ));
			if (!this.decoder.isClean()) {
				this.events.misframed();
			}
			return read;
		}
		catch (IOException ex) {
			throw this.events.readFailed(ex);
		}
		catch (RuntimeException | Error ex) {
			this.events.readFailed(ex);
			throw ex;
		}
		finally {
			this.events.readEnds(read, this.decoder.isAtEnd());
		}
	}

	@Override
	public int discard(byte[] sink) throws IOException {
		int read = this.decoder.read(sink, 0, sink.length);
		if (!this.decoder.isClean()) {
			throw new MalformedChunkCodingException("The connection cannot be reused, so the body is not drained");
		}
		return read;
	}

	@Override
	public long remaining() {
		return -1;
	}

	@Override
	public int buffered() {
		return this.decoder.buffered();
	}

	@Override
	public @Nullable Object attachment() {
		return this.attachment;
	}

	@Override
	public int available() {
		return this.decoder.available();
	}

	@Override
	public Header[] getFooters() {
		return this.decoder.trailers();
	}

	@Override
	public void close() {
		this.events.close(this);
	}

}
