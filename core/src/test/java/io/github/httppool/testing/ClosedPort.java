package io.github.httppool.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Ports of this machine that refuse connections. A socket that does not listen holds each
 * of them until the JVM ends: tests run in several JVMs, and no other one may get the
 * port for a server.
 */
public final class ClosedPort {

	private static final List<Socket> HELD = new CopyOnWriteArrayList<>();

	private ClosedPort() {
	}

	/**
	 * Return another port.
	 */
	public static int next() {
		Socket socket = new Socket();
		try {
			socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), 0));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		HELD.add(socket);
		return socket.getLocalPort();
	}

}
