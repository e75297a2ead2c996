package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import org.apache.hc.core5.http.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Takes the place of the exchange on a connection that was taken away from its caller.
 * Its socket is closed, so that the next read or write fails.
 */
public enum NoExchange implements ExchangeEvents, BodyEvents {

	/** The only one, because it has no state. */
	INSTANCE;

	@Override
	public void requestHeadSent() {
	}

	@Override
	public OutputStream requestBodyStarts(OutputStream body) {
		return body;
	}

	@Override
	public void requestBodySent(long bytes) {
	}

	@Override
	public void requestSent() {
	}

	@Override
	public IOException requestBodyLengthDiffers(long declared, long written) {
		return new IOException("The request declares a body of %s bytes, but has %s".formatted(declared, written));
	}

	@Override
	public void requestBodyFailed() {
	}

	@Override
	public void requestWriteFailed() {
	}

	@Override
	public void requestCutOff(boolean serverCloses) {
	}

	@Override
	public void firstByteReceived() {
	}

	@Override
	public void responseHeadReceived(int status) {
	}

	@Override
	public boolean isAnswered() {
		return false;
	}

	@Override
	public void markNotReusable() {
	}

	@Override
	public void serverCloses() {
	}

	@Override
	public void responseHasNoBody() {
	}

	@Override
	public BodyEvents responseBodyStarts(InputStream body) {
		return this;
	}

	@Override
	public BodyEvents emptyResponseBody(InputStream body) {
		return this;
	}

	@Override
	public ProtocolException brokenResponse(ProtocolException ex) {
		return ex;
	}

	@Override
	public IOException brokenResponse(IOException ex) {
		return ex;
	}

	@Override
	public boolean readStarts() {
		return true;
	}

	@Override
	public void readEnds(int read, boolean complete) {
	}

	@Override
	public IOException readFailed(IOException ex) {
		return ex;
	}

	@Override
	public void readFailed(Throwable ex) {
	}

	@Override
	public void misframed() {
	}

	@Override
	public void close(@Nullable DrainableBody body) {
	}

	@Override
	public @Nullable Object attachment() {
		return null;
	}

}
