package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;

/**
 * A body of length 0. HttpClient holds the connection until the body is read or closed,
 * as for any other body. Each response has its own, because a caller can lose it.
 */
final class EmptyBody extends InputStream {

	private final BodyEvents events;

	EmptyBody(ExchangeEvents exchange) {
		this.events = exchange.emptyResponseBody(this);
	}

	@Override
	public int read() throws IOException {
		this.events.readStarts();
		return -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		return read();
	}

	@Override
	public void close() {
		try {
			this.events.close(null);
		}
		finally {
			// It must not appear to be lost before it is known to be closed.
			Reference.reachabilityFence(this);
		}
	}

}
