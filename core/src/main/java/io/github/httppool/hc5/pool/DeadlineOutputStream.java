package io.github.httppool.hc5.pool;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The output stream for a request body of a call with a deadline. The deadline interrupts
 * the code that produces the body if that code blocks. Each write to the socket ends the
 * monitoring of interrupts by other threads, so this stream resumes it after each write.
 */
final class DeadlineOutputStream extends FilterOutputStream {

	private final CallDeadline deadline;

	DeadlineOutputStream(OutputStream out, CallDeadline deadline) {
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
		// Do not flush as the superclass does. HttpCore's streams do not flush either.
		try {
			this.out.close();
		}
		finally {
			this.deadline.watchInterrupts();
		}
	}

}
