package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

import io.github.httppool.hc5.net.Exceptions;
import io.github.httppool.hc5.observe.RequestExplanation;
import org.apache.hc.core5.http.StreamClosedException;
import org.jspecify.annotations.Nullable;

/**
 * What an entity writes its body to. Whether a body is whole is known only when the
 * entity has returned: until then the last chunk, or the last byte of a declared length,
 * is held back, whatever closes this stream. JSON generators close their brackets and
 * their stream after a failure, and some entities swallow the failure of a write.
 */
final class RequestBody extends OutputStream {

	/** HttpCore's stream, which frames the body. */
	private final OutputStream framed;

	/** The declared length, or negative for chunks. */
	private final long declared;

	private final Lease lease;

	private long written;

	private int last;

	private boolean closed;

	private @Nullable IOException failure;

	/**
	 * Create a body.
	 * @param framed what frames it
	 * @param declared how long it must be, or negative if it may have any length
	 * @param lease whose body it is
	 */
	RequestBody(OutputStream framed, long declared, Lease lease) {
		this.framed = framed;
		this.declared = declared;
		this.lease = lease;
	}

	@Override
	public void write(int next) throws IOException {
		begin(1);
		if (this.written == this.declared) {
			this.last = next;
			return;
		}
		try {
			this.framed.write(next);
		}
		catch (IOException ex) {
			throw failed(ex);
		}
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		begin(length);
		int count = length;
		if (this.written == this.declared && length > 0) {
			count--;
			this.last = bytes[offset + count];
		}
		try {
			if (count > 0) {
				this.framed.write(bytes, offset, count);
			}
		}
		catch (IOException ex) {
			throw failed(ex);
		}
	}

	private void begin(int length) throws IOException {
		requireSound();
		if (this.declared >= 0 && length > this.declared - this.written) {
			throw failed(RequestExplanation.otherLength(this.lease, this.declared, this.written + length));
		}
		this.written += length;
	}

	private void requireSound() throws IOException {
		if (this.closed) {
			throw new StreamClosedException();
		}
		if (this.failure != null) {
			// Not the same once more: try-with-resources adds the one to the other.
			throw new IOException(Exceptions.words(this.failure));
		}
	}

	private IOException failed(IOException ex) {
		this.failure = ex;
		return ex;
	}

	@Override
	public void flush() throws IOException {
		if (this.closed || this.failure != null || this.declared == 0) {
			return;
		}
		try {
			this.framed.flush();
		}
		catch (IOException ex) {
			throw failed(ex);
		}
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Says nothing about the end of the body.
	 */
	@Override
	public void close() {
		this.closed = true;
	}

	/**
	 * The entity has returned: send what makes the body whole.
	 * @throws IOException if it is not, or a write has failed before
	 */
	void finish() throws IOException {
		if (this.failure != null) {
			throw this.failure;
		}
		if (this.declared >= 0 && this.written != this.declared) {
			throw failed(RequestExplanation.otherLength(this.lease, this.declared, this.written));
		}
		try {
			if (this.declared > 0) {
				this.framed.write(this.last);
			}
			this.framed.close();
		}
		catch (IOException ex) {
			throw failed(ex);
		}
	}

	/**
	 * Return what a write has failed with, whatever the entity has made of it.
	 */
	@Nullable IOException failure() {
		return this.failure;
	}

	/**
	 * Return how many bytes the entity has written.
	 */
	long written() {
		return this.written;
	}

}
