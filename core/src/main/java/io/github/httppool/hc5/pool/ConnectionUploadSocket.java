package io.github.httppool.hc5.pool;

import java.io.IOException;

import io.github.httppool.hc5.http1.UploadSocket;
import io.github.httppool.hc5.net.SocketOutput;

/**
 * Adapts the output of a socket to the HTTP/1.1 codec, which does not depend on sockets.
 */
final class ConnectionUploadSocket implements UploadSocket {

	private final SocketOutput output;

	ConnectionUploadSocket(SocketOutput output) {
		this.output = output;
	}

	boolean isOver(SocketOutput output) {
		return this.output == output;
	}

	@Override
	public int immediateCapacity() {
		return this.output.immediateCapacity();
	}

	@Override
	public long accepted() {
		return this.output.accepted();
	}

	@Override
	public boolean beginUpload() throws IOException {
		return this.output.beginUpload();
	}

	@Override
	public void pauseUpload() throws IOException {
		this.output.pauseUpload();
	}

	@Override
	public void resumeUpload() throws IOException {
		this.output.resumeUpload();
	}

	@Override
	public void endUpload() {
		this.output.endUpload();
	}

	@Override
	public boolean hasPendingBytes() {
		return this.output.hasPendingBytes();
	}

	@Override
	public boolean awaitRoom(boolean orInput) throws IOException {
		return this.output.awaitRoom(orInput);
	}

}
