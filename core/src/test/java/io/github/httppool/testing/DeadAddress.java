package io.github.httppool.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * An address that answers no SYN: its queue of accepted connections is full.
 */
public final class DeadAddress implements AutoCloseable {

	private final ServerSocket server;

	private final List<Socket> queued = new ArrayList<>();

	public DeadAddress() throws IOException {
		this("127.0.0.1", 0);
	}

	/**
	 * Occupy an address.
	 * @param address such as {@code 127.0.0.2}
	 * @param port the port, 0 for any
	 */
	public DeadAddress(String address, int port) throws IOException {
		this.server = new ServerSocket(port, 1, InetAddress.getByName(address));
		for (int i = 0; i < 20; i++) {
			Socket socket = new Socket();
			this.queued.add(socket);
			try {
				socket.connect(this.server.getLocalSocketAddress(), 200);
			}
			catch (SocketTimeoutException ex) {
				return;
			}
		}
		throw new IllegalStateException("The queue does not fill up");
	}

	public InetSocketAddress address() {
		return (InetSocketAddress) this.server.getLocalSocketAddress();
	}

	public URI uri() {
		return URI.create("http://" + this.server.getInetAddress().getHostAddress() + ":" + this.server.getLocalPort());
	}

	@Override
	public void close() throws IOException {
		for (Socket socket : this.queued) {
			socket.close();
		}
		this.server.close();
	}

}
