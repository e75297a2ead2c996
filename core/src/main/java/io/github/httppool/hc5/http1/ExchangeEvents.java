package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import org.apache.hc.core5.http.ProtocolException;

/**
 * Receives what happens to an exchange from the connection that carries it, and turns
 * failures into the exceptions that the caller gets. All methods are called by the thread
 * that uses the connection, in the order of the events.
 */
public interface ExchangeEvents {

	// The request

	/**
	 * The head of the request was written.
	 */
	void requestHeadSent();

	/**
	 * The entity of the request is about to write its body.
	 * @param body the stream that frames the body
	 * @return the stream to write to instead, or the same one
	 */
	OutputStream requestBodyStarts(OutputStream body);

	/**
	 * The body of the request was written.
	 * @param bytes the number of bytes, without framing
	 */
	void requestBodySent(long bytes);

	/**
	 * Everything that was written of the request was flushed to the socket. Called again
	 * after the body if the request waits for {@code 100 Continue}.
	 */
	void requestSent();

	/**
	 * The body of the request does not have the length that its head declares.
	 * @param declared the declared length
	 * @param written the number of bytes written, including the first excess byte
	 * @return the exception to throw
	 */
	IOException requestBodyLengthDiffers(long declared, long written);

	/**
	 * The entity of the request failed, while the connection did not.
	 */
	void requestBodyFailed();

	/**
	 * A write of the request failed because of the connection, and the server had not
	 * responded.
	 */
	void requestWriteFailed();

	/**
	 * The rest of the request is not sent, because the server has already responded. The
	 * connection cannot be reused.
	 * @param serverCloses whether the response announces that the server closes the
	 * connection
	 */
	void requestCutOff(boolean serverCloses);

	// The response

	/**
	 * The first byte of a response has arrived. Called for each response head, including
	 * interim ones, and possibly several times per head.
	 */
	void firstByteReceived();

	/**
	 * The head of a response was read.
	 * @param status the status, below 200 for an interim response
	 */
	void responseHeadReceived(int status);

	/**
	 * Returns whether the head of a final response was read.
	 */
	boolean isAnswered();

	/**
	 * The framing of the response is ambiguous: another implementation on the way might
	 * find its end elsewhere. The connection must not carry another exchange.
	 */
	void markNotReusable();

	/**
	 * The server closes the connection after this response.
	 */
	void serverCloses();

	/**
	 * The final response has no body, and ends with its head.
	 */
	void responseHasNoBody();

	/**
	 * The response has a body.
	 * @param body the stream that the caller reads; must not be strongly referenced, so
	 * that a lost response can be detected
	 * @return the receiver of the events of the body
	 */
	BodyEvents responseBodyStarts(InputStream body);

	/**
	 * The response has a body of length 0.
	 * @param body the stream that the caller reads; must not be strongly referenced
	 * @return the receiver of the events of the body
	 */
	BodyEvents emptyResponseBody(InputStream body);

	/**
	 * The response violates the protocol.
	 * @return the exception to throw
	 */
	ProtocolException brokenResponse(ProtocolException ex);

	/**
	 * The response exceeds a limit, or ends in the middle of its head.
	 * @return the exception to throw
	 */
	IOException brokenResponse(IOException ex);

}
