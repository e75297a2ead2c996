package io.github.httppool.hc5.exec;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * The decoding of one body, step by step. After a failed read, every further read fails:
 * the JDK's {@code GZIPInputStream} interprets a failure between two members as the end
 * of the body.
 */
final class BodyDecoding {

	private int stepsLeft;

	private @Nullable IOException failure;

	BodyDecoding(int steps) {
		this.stepsLeft = steps;
	}

	/**
	 * Begins the next step.
	 * @return whether it is the last one
	 */
	boolean nextIsLast() {
		this.stepsLeft--;
		return this.stepsLeft <= 0;
	}

	IOException failed(IOException ex) {
		this.failure = ex;
		return ex;
	}

	void checkFailure() throws IOException {
		if (this.failure != null) {
			throw this.failure;
		}
	}

}
