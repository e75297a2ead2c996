package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;

/**
 * Decodes a chunked body, strictly by RFC 9112 section 7.1. HttpCore's decoder accepts
 * the end of the connection as the end of a line, a bare LF as CRLF, and a sign before a
 * size.
 */
final class ChunkDecoder {

	/** Maximum number of bytes of extensions, in addition to as many as the body has. */
	static final int MAX_EXTENSIONS = 64 * 1024;

	private static final int MAX_DIGITS = 16;

	private static final int MAX_PLAIN_DIGITS = 8;

	private static final Header[] NONE = {};

	private static final byte[] CRLF = { '\r', '\n' };

	/** The end of almost all bodies: no extension and no trailers. */
	private static final byte[] PLAIN_END = { '\r', '\n', '0', '\r', '\n', '\r', '\n' };

	/**
	 * The part of the body that is read next. <pre>
	 *            +-- digit --+
	 *            v           |
	 * +-------&gt; SIZE --------+
	 * |          |-- whitespace --&gt; BLANK --- CR ----+
	 * |          |                    | ;            |
	 * |          |                    v              v
	 * |          |-- ; ---------&gt; EXTENSION - CR -&gt; SIZE_LF -- LF, size 0 --&gt; TRAILERS
	 * |          |                                   ^  | LF                     |
	 * |          +-- CR -----------------------------+  v                        v
	 * +-- LF -- DATA_LF &lt;-- CR -- DATA_CR &lt;-- last -- DATA                      END
	 * </pre>
	 *
	 * Everything else leads to {@code BROKEN}, where every read fails.
	 */
	private enum State {

		SIZE, BLANK, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILERS, END, BROKEN

	}

	private final ReadBuffer buffer;

	private final InputStream in;

	private final FieldReader fields;

	private State state = State.SIZE;

	private int digits;

	/** Size of the current chunk, then the number of its bytes that are left. */
	private long size;

	private long received;

	private long extensions;

	private boolean clean = true;

	private Header[] trailers = NONE;

	ChunkDecoder(ReadBuffer buffer, InputStream in, FieldReader fields) {
		this.buffer = buffer;
		this.in = in;
		this.fields = fields;
	}

	/**
	 * Reads data of at most one chunk.
	 * @return the number of bytes, or -1 at the end of the body and its trailers
	 */
	int read(byte[] bytes, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		readPlainSize();
		while (this.state != State.DATA) {
			if (this.state == State.END) {
				return -1;
			}
			advance();
		}
		int read = this.buffer.read(bytes, offset, (int) Math.min(length, this.size), this.in);
		if (read < 0) {
			throw ended("in a chunk, " + this.size + " bytes before its end");
		}
		this.size -= read;
		this.received += read;
		if (this.size == 0) {
			endData();
		}
		return read;
	}

	/**
	 * Consumes what follows the data of a chunk, if it is buffered and has its usual
	 * form. The caller then reaches the end of the body with its last byte, without
	 * another read.
	 */
	private void endData() {
		if (this.buffer.startsWith(PLAIN_END, PLAIN_END.length)) {
			this.buffer.skip(PLAIN_END.length);
			this.state = State.END;
		}
		else if (this.buffer.startsWith(CRLF, CRLF.length)) {
			this.buffer.skip(CRLF.length);
			this.digits = 0;
			this.state = State.SIZE;
		}
		else {
			this.state = State.DATA_CR;
		}
	}

	/**
	 * Reads the size of a chunk if all of it is buffered and it consists of digits only.
	 * Otherwise, it is read byte by byte.
	 */
	private void readPlainSize() {
		if (this.state != State.SIZE || this.digits != 0) {
			return;
		}
		int end = Math.min(this.buffer.count() - 1, MAX_PLAIN_DIGITS + 1);
		long size = 0;
		for (int i = 0; i < end; i++) {
			byte next = this.buffer.at(i);
			int digit = Character.digit(next, 16);
			if (digit < 0) {
				if (size > 0 && next == '\r' && this.buffer.at(i + 1) == '\n') {
					this.buffer.skip(i + 2);
					this.size = size;
					this.state = State.DATA;
				}
				return;
			}
			size = (size << 4) | digit;
		}
	}

	private void advance() throws IOException {
		switch (this.state) {
			case TRAILERS -> readTrailers();
			case BROKEN -> throw malformed("an earlier read of it has failed");
			default -> {
				int next = this.buffer.read(this.in);
				if (next < 0) {
					throw (this.state == State.SIZE && this.digits == 0) ? closed() : ended("before the last chunk");
				}
				this.state = after(next);
			}
		}
	}

	private State after(int next) throws IOException {
		return switch (this.state) {
			case SIZE -> afterSize(next);
			case BLANK, EXTENSION -> afterExtension(next);
			case SIZE_LF -> {
				require('\n', next, "the size of a chunk");
				yield (this.size != 0) ? State.DATA : State.TRAILERS;
			}
			case DATA_CR -> {
				require('\r', next, "the data of a chunk");
				yield State.DATA_LF;
			}
			default -> {
				require('\n', next, "the data of a chunk");
				this.digits = 0;
				yield State.SIZE;
			}
		};
	}

	private State afterSize(int next) throws IOException {
		int digit = Character.digit(next, 16);
		if (digit >= 0) {
			if (this.digits == MAX_DIGITS) {
				throw malformed("the size of a chunk has more than " + MAX_DIGITS + " digits");
			}
			this.digits++;
			this.size = (this.size << 4) | digit;
			return State.SIZE;
		}
		if (this.digits == 0) {
			throw malformed("a chunk has no size");
		}
		if (this.size < 0) {
			throw malformed("the size of a chunk is too large");
		}
		return afterExtension(next);
	}

	/**
	 * Whitespace before an extension must be accepted, but senders must not generate it
	 * (RFC 9112 section 7.1.1).
	 */
	private State afterExtension(int next) throws IOException {
		if (next == '\r') {
			return State.SIZE_LF;
		}
		if (++this.extensions > MAX_EXTENSIONS + this.received) {
			this.state = State.BROKEN;
			throw new MessageConstraintException(
					"its chunk extensions are longer than its data and " + MAX_EXTENSIONS / 1024 + " KB");
		}
		if (next == ';' || (this.state == State.EXTENSION && !LineReader.isControl(next))) {
			return State.EXTENSION;
		}
		if (next == ' ' || next == '\t') {
			this.clean = false;
			return State.BLANK;
		}
		throw malformed("the size of a chunk is followed by something else than an extension or CRLF");
	}

	private void require(int expected, int next, String before) throws IOException {
		if (next != expected) {
			throw malformed(before + " is not followed by CRLF");
		}
	}

	private void readTrailers() throws IOException {
		this.state = State.BROKEN;
		this.fields.line().begin();
		try {
			Header[] trailers = this.fields.readFields(this.in).toArray(NONE);
			if (!this.fields.line().isClean()) {
				throw malformed("a line of its trailers is folded or does not end with CRLF");
			}
			this.trailers = trailers;
			this.state = State.END;
		}
		catch (ProtocolException ex) {
			MalformedChunkCodingException malformed = malformed("in its trailers " + ex.getMessage());
			malformed.initCause(ex);
			throw malformed;
		}
	}

	private ConnectionClosedException closed() {
		this.state = State.BROKEN;
		// HttpCore distinguishes this from the end of the connection within a chunk.
		return new ConnectionClosedException("the connection ended before the last chunk");
	}

	private TruncatedChunkException ended(String where) {
		this.state = State.BROKEN;
		return new TruncatedChunkException("the connection ended " + where);
	}

	private MalformedChunkCodingException malformed(String flaw) {
		this.state = State.BROKEN;
		return new MalformedChunkCodingException(flaw);
	}

	/**
	 * Returns whether everything so far had exactly the form that the RFC defines.
	 */
	boolean isClean() {
		return this.clean;
	}

	/**
	 * Returns whether the body and its trailers were read to their end.
	 */
	boolean isAtEnd() {
		return this.state == State.END;
	}

	/**
	 * Returns how many bytes of data can be read without a system call.
	 */
	int available() {
		return (this.state == State.DATA) ? (int) Math.min(this.buffer.length(), this.size) : 0;
	}

	/**
	 * Returns how many bytes are buffered, chunk sizes and trailers included.
	 */
	int buffered() {
		return this.buffer.length();
	}

	/**
	 * Returns the trailers, which are known at the end of the body.
	 */
	Header[] trailers() {
		return (this.trailers.length != 0) ? this.trailers.clone() : NONE;
	}

}
