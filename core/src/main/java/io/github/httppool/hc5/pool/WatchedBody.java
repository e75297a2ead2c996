package io.github.httppool.hc5.pool;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The body of a request in a call that has a deadline. The code that produces the body
 * may wait, and the deadline interrupts it then. Each write to the socket ends the
 * deadline's watch for interrupts by others, so it begins again after each write.
 */
final class WatchedBody extends FilterOutputStream {

	private final CallDeadline deadline;

	WatchedBody(OutputStream out, CallDeadline deadline) {
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
		// Without the flush of the superclass, as in HttpCore's streams.
		try {
			this.out.close();
		}
		finally {
			this.deadline.watchInterrupts();
		}
	}

}
