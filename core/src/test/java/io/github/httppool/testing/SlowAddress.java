package io.github.httppool.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An address at the end of a slow path: it drops the first SYN, which a client repeats
 * after a second. Answers each request with {@code hello} and closes.
 */
public final class SlowAddress implements AutoCloseable {

	private static final byte[] HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
		.getBytes(StandardCharsets.US_ASCII);

	private final ServerSocket server;

	private final List<Socket> open = new CopyOnWriteArrayList<>();

	private final AtomicInteger served = new AtomicInteger();

	/**
	 * Fill the queue of an address.
	 * @param address such as {@code 127.0.0.2}
	 */
	public SlowAddress(String address) throws IOException {
		this.server = new ServerSocket(0, 1, InetAddress.getByName(address));
		for (int i = 0; i < 20; i++) {
			Socket socket = new Socket();
			this.open.add(socket);
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

	/**
	 * Accept all connections from now on. A client that has begun to connect has to
	 * repeat its SYN.
	 */
	public void accept() {
		start(() -> {
			while (true) {
				Socket client = this.server.accept();
				this.open.add(client);
				start(() -> serve(client));
			}
		});
	}

	private void serve(Socket client) throws IOException {
		if (client.getInputStream().read() >= 0) {
			this.served.incrementAndGet();
			client.getOutputStream().write(HELLO);
			client.shutdownOutput();
		}
		client.getInputStream().transferTo(OutputStream.nullOutputStream());
		client.close();
	}

	private void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// One of the ends is closed.
			}
		}, "slow-address");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Return how many requests were answered.
	 */
	public int served() {
		return this.served.get();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.open) {
			socket.close();
		}
	}

	public interface Task {

		void run() throws IOException;

	}

}
