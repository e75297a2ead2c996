package io.github.httppool.hc5.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

import io.github.httppool.ProxyServer;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Opens a connection through a SOCKS 5 proxy (RFC 1928), with user name and password if
 * the proxy requires them (RFC 1929). The JDK's own client uses one login for the whole
 * JVM, from the {@code Authenticator}; without one it sends the user name of the
 * operating system. Its sockets do not support non-blocking reads. Like that client, this
 * class throws a {@link SocketException}.
 */
public final class Socks5 {

	/**
	 * Reply code: the proxy accepts no offered authentication method. Also used here for
	 * a failed login.
	 */
	public static final int NO_LOGIN = 0xff;

	private static final int VERSION = 5;

	private static final int NO_AUTHENTICATION = 0;

	private static final int USERNAME_PASSWORD = 2;

	private static final int CONNECT = 1;

	private static final int IPV4 = 1;

	private static final int NAME = 3;

	private static final int IPV6 = 4;

	private final Socket socket;

	/**
	 * {@link System#nanoTime()} by which the proxy must be connected to the server.
	 */
	private final long deadline;

	private Socks5(Socket socket, long deadline) {
		this.socket = socket;
		this.deadline = deadline;
	}

	/**
	 * Connects to a server through a proxy.
	 * @param socket a socket that is connected to the proxy
	 * @param proxy the proxy
	 * @param target the server; if it is unresolved, the proxy looks up its name
	 * @param nanos the time limit in nanoseconds
	 * @throws Refusal if the proxy refuses
	 */
	static void connect(Socket socket, ProxyServer proxy, InetSocketAddress target, long nanos) throws IOException {
		int timeout = socket.getSoTimeout();
		Socks5 client = new Socks5(socket, System.nanoTime() + nanos);
		client.authenticate(proxy);
		client.request(target);
		socket.setSoTimeout(timeout);
	}

	private void authenticate(ProxyServer proxy) throws IOException {
		boolean login = proxy.username() != null;
		send(login ? new byte[] { VERSION, 2, NO_AUTHENTICATION, USERNAME_PASSWORD }
				: new byte[] { VERSION, 1, NO_AUTHENTICATION });
		requireVersion(read(1)[0]);
		int method = read(1)[0] & 0xff;
		if (method == NO_AUTHENTICATION) {
			return;
		}
		if (method != USERNAME_PASSWORD || !login) {
			throw new Refusal(NO_LOGIN, login ? "it requires a login other than user name and password"
					: "it requires a login, but no credentials are configured");
		}
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		message.write(1);
		writeText(message, Objects.requireNonNull(proxy.username()));
		writeText(message, Objects.requireNonNullElse(proxy.password(), ""));
		send(message.toByteArray());
		if (read(2)[1] != 0) {
			throw new Refusal(NO_LOGIN, "it does not accept the credentials");
		}
	}

	private static void writeText(ByteArrayOutputStream message, String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		if (bytes.length > 255) {
			throw new SocketException("a SOCKS request can carry a host name of at most 255 bytes");
		}
		message.write(bytes.length);
		message.writeBytes(bytes);
	}

	private void request(InetSocketAddress target) throws IOException {
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		message.writeBytes(new byte[] { VERSION, CONNECT, 0 });
		InetAddress address = target.getAddress();
		if (address != null) {
			byte[] bytes = address.getAddress();
			message.write((bytes.length == 4) ? IPV4 : IPV6);
			message.writeBytes(bytes);
		}
		else {
			message.write(NAME);
			writeText(message, target.getHostString());
		}
		message.write(target.getPort() >> 8);
		message.write(target.getPort());
		send(message.toByteArray());
		requireVersion(read(1)[0]);
		int reply = read(1)[0] & 0xff;
		if (reply != 0) {
			throw new Refusal(reply, "it answered " + reply + ", " + replyText(reply));
		}
		skipAddress();
	}

	/**
	 * Skips the address that the proxy reports, because the server's bytes follow it.
	 */
	private void skipAddress() throws IOException {
		int type = read(2)[1];
		int length = switch (type) {
			case IPV4 -> 4;
			case IPV6 -> 16;
			case NAME -> read(1)[0] & 0xff;
			default -> throw new SocketException("its answer contains an address of unknown type " + (type & 0xff));
		};
		read(length + 2);
	}

	private static String replyText(int reply) {
		return switch (reply) {
			case 1 -> "a general failure";
			case 2 -> "not allowed by its rules";
			case 3 -> "network unreachable";
			case 4 -> "host unreachable";
			case 5 -> "connection refused";
			case 6 -> "TTL expired";
			case 7 -> "command not supported";
			case 8 -> "address type not supported";
			default -> "which RFC 1928 does not define";
		};
	}

	private static void requireVersion(byte version) throws IOException {
		if (version != VERSION) {
			throw new SocketException("it does not speak SOCKS 5: its answer begins with byte " + (version & 0xff));
		}
	}

	private void send(byte[] message) throws IOException {
		this.socket.getOutputStream().write(message);
	}

	/**
	 * Reads exactly this many bytes, and none of the server's bytes behind them.
	 */
	private byte[] read(int count) throws IOException {
		byte[] bytes = new byte[count];
		for (int at = 0; at < count;) {
			long left = this.deadline - System.nanoTime();
			// Bytes that have already arrived were in time, however late this thread is.
			if (left <= 0 && this.socket.getInputStream().available() == 0) {
				throw timedOut(null);
			}
			this.socket.setSoTimeout((int) Math.max(1, Math.min(left / 1_000_000, Integer.MAX_VALUE)));
			int read;
			try {
				read = this.socket.getInputStream().read(bytes, at, count - at);
			}
			catch (SocketTimeoutException ex) {
				throw timedOut(ex);
			}
			if (read < 0) {
				throw new SocketException("it closed the connection without an answer");
			}
			at += read;
		}
		return bytes;
	}

	private static ConnectTimeoutException timedOut(@Nullable Throwable cause) {
		return Exceptions.causedBy(new ConnectTimeoutException("it did not answer in time"), cause);
	}

	/**
	 * Thrown when the proxy refuses the connection.
	 */
	public static final class Refusal extends SocketException {

		public final int reply;

		Refusal(int reply, String message) {
			super(message);
			this.reply = reply;
		}

	}

}
