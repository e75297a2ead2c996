package io.github.httppool.hc5.http1;

import java.io.IOException;

/**
 * The socket of a connection, below TLS, as used to send the body of a request. Between
 * {@link #beginUpload()} and {@link #endUpload()}, writes never wait for the peer: bytes
 * that the peer does not accept immediately are kept until {@link #awaitRoom} has sent
 * them.
 */
public interface UploadSocket {

	/**
	 * Maximum number of bytes per write. The JDK copies them through memory outside the
	 * heap, and each thread keeps as much of it as its largest write needed.
	 */
	int MAX_WRITE = 64 * 1024;

	/**
	 * Returns how many bytes the system accepts without waiting for the peer, if it holds
	 * none yet. Shorter bodies need no watching.
	 */
	int immediateCapacity();

	/**
	 * Returns how many bytes the system has accepted over the life of the socket.
	 */
	long accepted();

	/**
	 * Begins an upload.
	 * @return {@code false} if this socket does not support it, and writes may block
	 */
	boolean beginUpload() throws IOException;

	/**
	 * Makes reads block again, until {@link #resumeUpload()}.
	 */
	void pauseUpload() throws IOException;

	/**
	 * Ends a pause.
	 */
	void resumeUpload() throws IOException;

	/**
	 * Ends the upload and drops the bytes that are still kept.
	 */
	void endUpload();

	/**
	 * Returns whether the peer has not accepted all bytes yet.
	 */
	boolean hasPendingBytes();

	/**
	 * Waits until the peer accepts more bytes, or until there is input.
	 * @param orInput whether to return for input as well
	 * @return whether there is input, or its end
	 * @throws java.net.SocketTimeoutException if the peer accepts nothing within the
	 * timeout of the socket
	 */
	boolean awaitRoom(boolean orInput) throws IOException;

}
