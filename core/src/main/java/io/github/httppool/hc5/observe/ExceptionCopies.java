package io.github.httppool.hc5.observe;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.function.Function;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;

import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.NotImplementedException;
import org.apache.hc.core5.http.ParseException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.apache.hc.core5.http.UnsupportedHttpVersionException;

/**
 * Copies exceptions with a different message. A copy keeps the class of the original,
 * because retry strategies (including HttpClient's) and error handlers depend on it.
 */
final class ExceptionCopies {

	private static final Map<Class<?>, Function<String, IOException>> BY_CLASS = Map.ofEntries(
			Map.entry(BindException.class, BindException::new),
			Map.entry(ConnectException.class, ConnectException::new), Map.entry(IOException.class, IOException::new),
			Map.entry(NoRouteToHostException.class, NoRouteToHostException::new),
			Map.entry(SocketException.class, SocketException::new),
			Map.entry(SocketTimeoutException.class, SocketTimeoutException::new),
			Map.entry(UnknownHostException.class, UnknownHostException::new),
			Map.entry(SSLException.class, SSLException::new),
			Map.entry(SSLHandshakeException.class, SSLHandshakeException::new),
			Map.entry(SSLKeyException.class, SSLKeyException::new),
			Map.entry(SSLPeerUnverifiedException.class, SSLPeerUnverifiedException::new),
			Map.entry(SSLProtocolException.class, SSLProtocolException::new),
			Map.entry(ConnectionClosedException.class, ConnectionClosedException::new),
			Map.entry(MalformedChunkCodingException.class, MalformedChunkCodingException::new),
			Map.entry(MessageConstraintException.class, MessageConstraintException::new),
			Map.entry(NoHttpResponseException.class, NoHttpResponseException::new),
			Map.entry(TruncatedChunkException.class, TruncatedChunkException::new));

	private static final Map<Class<?>, Function<String, ProtocolException>> PROTOCOL_BY_CLASS = Map.of(
			NotImplementedException.class, NotImplementedException::new, ParseException.class, ParseException::new,
			UnsupportedHttpVersionException.class, UnsupportedHttpVersionException::new);

	private ExceptionCopies() {
	}

	/**
	 * Copies an exception with another message.
	 * @return an exception of the same class with the original as its cause, or the
	 * original itself if its class is not one that the JDK or HttpClient throws
	 */
	public static IOException withMessage(IOException cause, String message) {
		IOException exception = copy(cause, Details.message(cause.getClass(), message));
		if (exception == cause) {
			return cause;
		}
		exception.initCause(cause);
		return Details.add(exception, message);
	}

	/**
	 * Copies an exception with another message.
	 * @return an exception with the original as its cause; of the same class if that is
	 * one of HttpCore's
	 */
	public static ProtocolException withMessage(ProtocolException cause, String message) {
		ProtocolException exception = PROTOCOL_BY_CLASS.getOrDefault(cause.getClass(), ProtocolException::new)
			.apply(Details.message(cause.getClass(), message));
		exception.initCause(cause);
		return Details.add(exception, message);
	}

	private static IOException copy(IOException cause, String message) {
		if (cause.getClass() == HttpHostConnectException.class) {
			return new HttpHostConnectException(message, ((HttpHostConnectException) cause).getHost());
		}
		if (cause.getClass() == ConnectTimeoutException.class) {
			return new ConnectTimeoutException(message, ((ConnectTimeoutException) cause).getHost());
		}
		Function<String, IOException> constructor = BY_CLASS.get(cause.getClass());
		return (constructor != null) ? constructor.apply(message) : cause;
	}

}
