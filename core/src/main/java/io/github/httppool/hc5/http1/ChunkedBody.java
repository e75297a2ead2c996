package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;

import io.github.httppool.hc5.pool.BodyState;
import io.github.httppool.hc5.pool.Lease;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body in chunks. Extends HttpCore's stream, because HttpClient finds the trailers only
 * in an instance of that; nothing is left to it.
 */
public final class ChunkedBody extends ChunkedInputStream implements DrainableBody {

	private final ChunkDecoder decoder;

	private final BodyState reading;

	private final @Nullable Object observation;

	private byte @Nullable [] one;

	public ChunkedBody(ReadBuffer buffer, InputStream inputStream, FieldReader fields, Lease lease) {
		super(buffer, inputStream, Http1Config.DEFAULT);
		this.decoder = new ChunkDecoder(buffer, inputStream, fields);
		this.reading = lease.exchange.bodyBegins(this, lease.held());
		this.observation = this.reading.observation();
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
		if (!this.reading.begin()) {
			return -1;
		}
		int read = BodyState.BROKEN;
		try {
			read = this.decoder.read(bytes, offset, Math.min(length, DrainableBody.LARGEST_READ));
			if (!this.decoder.isClean()) {
				this.reading.misframed();
			}
			return read;
		}
		catch (IOException ex) {
			throw this.reading.failed(ex);
		}
		catch (RuntimeException | Error ex) {
			this.reading.broke(ex);
			throw ex;
		}
		finally {
			this.reading.end(read, this.decoder.isAtEnd());
		}
	}

	@Override
	public int discard(byte[] sink) throws IOException {
		int read = this.decoder.read(sink, 0, sink.length);
		if (!this.decoder.isClean()) {
			throw new MalformedChunkCodingException("The connection is not worth draining");
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
	public @Nullable Object observation() {
		return this.observation;
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
		this.reading.close(this);
	}

}
