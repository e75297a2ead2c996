package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;

import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.http.StreamClosedException;
import org.jspecify.annotations.Nullable;

/**
 * The stream of a body. It releases the connection at the end of the body or when it is
 * closed; closing drains the body. After a failure, every further read fails, while
 * HttpClient's own stream would report the end of the body.
 */
final class ReleasingInputStream extends InputStream {

	private final InputStream body;

	private final ExecRuntime lease;

	private boolean ended;

	private boolean closed;

	private @Nullable IOException failure;

	ReleasingInputStream(InputStream body, ExecRuntime lease) {
		this.body = body;
		this.lease = lease;
	}

	@Override
	public int read() throws IOException {
		if (!isReadable()) {
			return -1;
		}
		try {
			return read(this.body.read());
		}
		catch (IOException ex) {
			throw failed(ex);
		}
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (!isReadable()) {
			return -1;
		}
		try {
			return read(this.body.read(bytes, offset, length));
		}
		catch (IOException ex) {
			throw failed(ex);
		}
	}

	private boolean isReadable() throws IOException {
		if (this.closed) {
			throw new StreamClosedException();
		}
		if (this.failure != null) {
			throw this.failure;
		}
		return !this.ended;
	}

	private int read(int read) throws IOException {
		if (read < 0) {
			this.ended = true;
			releaseLease();
		}
		return read;
	}

	private IOException failed(IOException ex) throws IOException {
		this.failure = ex;
		discardLease();
		return ex;
	}

	@Override
	public int available() throws IOException {
		return isReadable() ? this.body.available() : 0;
	}

	@Override
	public void close() throws IOException {
		boolean open = !this.closed && !this.ended && this.failure == null;
		this.closed = true;
		if (!open) {
			return;
		}
		boolean held = this.lease.isEndpointAcquired();
		try {
			releaseLease();
		}
		catch (SocketException ex) {
			// If another thread has closed the connection, this is not a failure.
			if (held) {
				throw ex;
			}
		}
	}

	private void releaseLease() throws IOException {
		boolean released = false;
		try {
			this.body.close();
			this.lease.releaseEndpoint();
			released = true;
		}
		finally {
			if (!released) {
				this.lease.discardEndpoint();
			}
		}
	}

	private void discardLease() throws IOException {
		if (this.lease.isEndpointConnected()) {
			this.lease.disconnectEndpoint();
		}
		this.lease.discardEndpoint();
	}

}
