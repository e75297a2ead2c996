package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;

import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * A body that ends when the server closes the connection. It is never drained, because
 * its connection cannot be reused.
 */
final class CloseDelimitedBody extends IdentityInputStream {

	private final BodyEvents events;

	private final byte[] one = new byte[1];

	CloseDelimitedBody(SessionInputBuffer buffer, InputStream inputStream, ExchangeEvents exchange) {
		super(buffer, inputStream);
		this.events = exchange.responseBodyStarts(this);
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
			this.events.readEnds(read, read == -1);
		}
	}

	@Override
	public void close() throws IOException {
		try {
			this.events.close(null);
			super.close();
		}
		finally {
			// Otherwise, the body could be reported as lost before its close is recorded.
			Reference.reachabilityFence(this);
		}
	}

}
