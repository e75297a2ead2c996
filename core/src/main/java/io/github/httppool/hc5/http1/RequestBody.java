package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

import org.apache.hc.core5.http.StreamClosedException;
import org.jspecify.annotations.Nullable;

/**
 * The stream that an entity writes the body of a request to. Whether the body is complete
 * is known only when the entity has returned. Until then, this stream holds back the last
 * chunk, or the last byte of a declared length, even if it is closed: JSON generators
 * close their brackets and their stream after a failure, and some entities ignore the
 * failure of a write.
 */
final class RequestBody extends OutputStream {

	/** HttpCore's stream, which frames the body. */
	private final OutputStream framed;

	/** The declared length, or negative for a chunked body. */
	private final long declared;

	private final ExchangeEvents exchange;

	private long written;

	private int last;

	private boolean closed;

	private boolean lengthDiffers;

	private @Nullable IOException failure;

	/**
	 * Creates a stream.
	 * @param framed the stream that frames the body
	 * @param declared the declared length, or negative if any length is allowed
	 * @param exchange the exchange of the request
	 */
	RequestBody(OutputStream framed, long declared, ExchangeEvents exchange) {
		this.framed = framed;
		this.declared = declared;
		this.exchange = exchange;
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
		checkWritable();
		if (this.declared >= 0 && length > this.declared - this.written) {
			throw differs(this.written + length);
		}
		this.written += length;
	}

	private void checkWritable() throws IOException {
		if (this.closed) {
			throw new StreamClosedException();
		}
		if (this.failure != null) {
			// A new exception, because try-with-resources adds one to the other.
			String message = this.failure.getMessage();
			throw new IOException((message != null) ? message : this.failure.getClass().getSimpleName());
		}
	}

	private IOException differs(long written) {
		this.lengthDiffers = true;
		return failed(this.exchange.requestBodyLengthDiffers(this.declared, written));
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
	 * Does not end the body, see {@link #finish()}.
	 */
	@Override
	public void close() {
		this.closed = true;
	}

	/**
	 * Completes the body after the entity has returned.
	 * @throws IOException if the body is too short, or a write has failed
	 */
	void finish() throws IOException {
		if (this.failure != null) {
			throw this.failure;
		}
		if (this.declared >= 0 && this.written != this.declared) {
			throw differs(this.written);
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
	 * Returns the first failure of a write, even if the entity has hidden it.
	 */
	@Nullable IOException failure() {
		return this.failure;
	}

	/**
	 * Returns whether the body failed because it does not have the declared length.
	 */
	boolean lengthDiffers() {
		return this.lengthDiffers;
	}

	/**
	 * Returns how many bytes the entity has written.
	 */
	long written() {
		return this.written;
	}

}
