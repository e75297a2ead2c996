package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;

/**
 * A body of length 0. HttpClient holds the connection until the body is read or closed,
 * as for any other body. Each response has an instance of its own, so that a lost
 * response can be detected.
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
			// Otherwise, the body could be reported as lost before its close is recorded.
			Reference.reachabilityFence(this);
		}
	}

}
