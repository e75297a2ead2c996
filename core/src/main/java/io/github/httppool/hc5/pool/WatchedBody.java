package io.github.httppool.hc5.pool;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The body of a request in a call that has a deadline. What produces a body may wait, and
 * is interrupted then; each write to the socket ends the watching of interrupts, which
 * begins again here.
 */
public final class WatchedBody extends FilterOutputStream {

	private final CallDeadline deadline;

	public WatchedBody(OutputStream out, CallDeadline deadline) {
		super(out);
		this.deadline = deadline;
	}

	@Override
	public void write(int next) throws IOException {
		try {
			this.out.write(next);
		}
		finally {
			this.deadline.watchInterrupts();
		}
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		try {
			this.out.write(bytes, offset, length);
		}
		finally {
			this.deadline.watchInterrupts();
		}
	}

	@Override
	public void flush() throws IOException {
		try {
			this.out.flush();
		}
		finally {
			this.deadline.watchInterrupts();
		}
	}

	@Override
	public void close() throws IOException {
		// Not flushed before, as HttpCore does it.
		try {
			this.out.close();
		}
		finally {
			this.deadline.watchInterrupts();
		}
	}

}
