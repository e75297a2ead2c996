package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.impl.io.ContentLengthInputStream;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A body of known length.
 */
final class ContentLengthBody extends ContentLengthInputStream implements DrainableBody {

	private final SessionInputBuffer buffer;

	private final BodyEvents events;

	private final @Nullable Object attachment;

	private final byte[] one = new byte[1];

	private long remaining;

	ContentLengthBody(SessionInputBuffer buffer, InputStream inputStream, long length, ExchangeEvents exchange) {
		super(buffer, inputStream, length);
		this.buffer = buffer;
		this.events = exchange.responseBodyStarts(this);
		this.attachment = this.events.attachment();
		this.remaining = length;
	}

	@Override
	public int read() throws IOException {
		int read = read(this.one, 0, 1);
		return (read == 1) ? this.one[0] & 0xff : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (!this.events.readStarts()) {
			return -1;
		}
		int read = BodyEvents.FAILED;
		try {
			read = super.read(bytes, offset, Math.min(length, DrainableBody.MAX_READ));
			count(read);
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
			this.events.readEnds(read, this.remaining == 0);
		}
	}

	private void count(int read) {
		if (read > 0) {
			this.remaining -= read;
		}
	}

	@Override
	public int discard(byte[] sink) throws IOException {
		if (this.remaining == 0) {
			return -1;
		}
		int read = super.read(sink, 0, sink.length);
		count(read);
		return read;
	}

	@Override
	public long remaining() {
		return this.remaining;
	}

	@Override
	public int buffered() {
		return this.buffer.length();
	}

	@Override
	public @Nullable Object attachment() {
		return this.attachment;
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * HttpCore returns a negative number if more than 2 GB are left.
	 */
	@Override
	public int available() {
		return (int) Math.min(this.buffer.length(), this.remaining);
	}

	@Override
	public void close() {
		this.events.close(this);
	}

}
