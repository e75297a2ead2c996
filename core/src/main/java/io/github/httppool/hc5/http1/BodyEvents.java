package io.github.httppool.hc5.http1;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * Receives what happens to the body of one response. Each read is enclosed by
 * {@link #readStarts()} and {@link #readEnds}. The body may be closed by another thread
 * than the one that reads it, even during a read.
 */
public interface BodyEvents {

	/** The result of a read that threw an exception. */
	int FAILED = -2;

	/**
	 * A read starts.
	 * @return {@code false} if the body has ended
	 * @throws IOException if the body is closed, or another thread is reading it
	 */
	boolean readStarts() throws IOException;

	/**
	 * A read ends.
	 * @param read the number of bytes read, -1 at the end, or {@link #FAILED}
	 * @param complete whether the body ends here
	 */
	void readEnds(int read, boolean complete);

	/**
	 * A read failed.
	 * @return the exception to throw
	 */
	IOException readFailed(IOException ex);

	/**
	 * A read failed with an unexpected exception.
	 */
	void readFailed(Throwable ex);

	/**
	 * The framing of the body is ambiguous: another implementation on the way might find
	 * its end elsewhere.
	 */
	void misframed();

	/**
	 * The caller closes the body. Does nothing if it has ended.
	 * @param body the body to drain, or {@code null} if its connection cannot be reused
	 */
	void close(@Nullable DrainableBody body);

	/**
	 * Returns an object that the body must keep, for {@link DrainableBody#attachment()}.
	 */
	@Nullable Object attachment();

}
