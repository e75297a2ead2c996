package io.github.httppool;

import java.net.SocketException;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a proxy refuses a {@code CONNECT} or SOCKS request. The client has not sent
 * the call to the server. The JDK's own SOCKS client throws a {@link SocketException};
 * HttpClient returns the refusal of a tunnel as if it were the server's response.
 *
 * @since 0.1.0
 */
public class ProxyRefusedException extends SocketException implements HttpPoolException {

	private final String pool;

	private final String route;

	private final String proxy;

	private final int code;

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 * @param route the route
	 * @param proxy scheme, host and port of the proxy
	 * @param code the HTTP status or the SOCKS reply code
	 * @param message what happened, with the numbers
	 * @param cause the cause, or {@code null}
	 */
	public ProxyRefusedException(String pool, String route, String proxy, int code, String message,
			@Nullable Throwable cause) {
		super(message);
		this.pool = pool;
		this.route = route;
		if (cause != null) {
			initCause(cause);
		}
		this.proxy = proxy;
		this.code = code;
	}

	/**
	 * Return the proxy.
	 * @return scheme, host and port
	 */
	public String getProxy() {
		return this.proxy;
	}

	/**
	 * Return the code with which the proxy refused.
	 * @return the HTTP status, 300 to 599, or the SOCKS reply code, 1 to 255 (RFC 1928
	 * section 6)
	 */
	public int getCode() {
		return this.code;
	}

	@Override
	public String getPool() {
		return this.pool;
	}

	@Override
	public String getRoute() {
		return this.route;
	}

}
