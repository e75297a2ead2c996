package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;

import io.github.httppool.hc5.pool.BodyState;
import io.github.httppool.hc5.pool.Lease;

/**
 * A body of no bytes. HttpClient holds the connection until it is read or closed, as it
 * does with any other; one for each response, because it can be lost like any other.
 */
public final class EmptyBody extends InputStream {

	private final BodyState reading;

	public EmptyBody(Lease lease) {
		this.reading = lease.exchange.emptyBody(this, lease.held());
	}

	@Override
	public int read() throws IOException {
		this.reading.begin();
		return -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		return read();
	}

	@Override
	public void close() {
		try {
			this.reading.close(null);
		}
		finally {
			// Nobody may take it for lost until it is known to be closed.
			Reference.reachabilityFence(this);
		}
	}

}
