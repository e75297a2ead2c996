package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;

import io.github.httppool.hc5.pool.BodyState;
import io.github.httppool.hc5.pool.Lease;
import org.apache.hc.core5.http.impl.io.IdentityInputStream;
import org.apache.hc.core5.http.io.SessionInputBuffer;

/**
 * A body that ends where the server closes. Its connection is never kept, so nothing of
 * it is worth draining.
 */
public final class CloseDelimitedBody extends IdentityInputStream {

	private final BodyState reading;

	private final byte[] one = new byte[1];

	public CloseDelimitedBody(SessionInputBuffer buffer, InputStream inputStream, Lease lease) {
		super(buffer, inputStream);
		this.reading = lease.exchange.bodyBegins(this, lease.held());
	}

	@Override
	public int read() throws IOException {
		int read = read(this.one, 0, 1);
		return (read == 1) ? this.one[0] & 0xff : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (!this.reading.begin()) {
			return -1;
		}
		int read = BodyState.BROKEN;
		try {
			read = super.read(bytes, offset, Math.min(length, DrainableBody.LARGEST_READ));
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
			this.reading.end(read, read == -1);
		}
	}

	@Override
	public void close() throws IOException {
		try {
			this.reading.close(null);
			super.close();
		}
		finally {
			// Nobody may take it for lost until it is known to be closed.
			Reference.reachabilityFence(this);
		}
	}

}
