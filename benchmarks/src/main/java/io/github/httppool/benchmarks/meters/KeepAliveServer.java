package io.github.httppool.benchmarks.meters;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An HTTP/1.1 server on the loopback interface that keeps its connections, answers every
 * request without a body with the same bytes, and allocates nothing for it, so that what
 * is measured is the client.
 */
final class KeepAliveServer implements AutoCloseable {

	private static final int END_OF_HEAD = 0x0d0a0d0a;

	private final ServerSocket server;

	private final byte[] response;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	KeepAliveServer(int bodyLength) throws IOException {
		byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: " + bodyLength
				+ "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
		this.response = Arrays.copyOf(head, head.length + bodyLength);
		this.server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
		start(this::accept);
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getLocalPort() + "/";
	}

	private void accept() {
		while (true) {
			try {
				Socket socket = this.server.accept();
				socket.setTcpNoDelay(true);
				this.sockets.add(socket);
				start(() -> serve(socket));
			}
			catch (IOException ex) {
				// Closed.
				return;
			}
		}
	}

	private void serve(Socket socket) {
		byte[] buffer = new byte[8192];
		int lastFour = 0;
		try (socket) {
			InputStream input = socket.getInputStream();
			OutputStream output = socket.getOutputStream();
			for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
				for (int i = 0; i < count; i++) {
					lastFour = (lastFour << 8) | (buffer[i] & 0xff);
					if (lastFour == END_OF_HEAD) {
						output.write(this.response);
					}
				}
			}
		}
		catch (IOException ex) {
			// The client is gone.
		}
		finally {
			this.sockets.remove(socket);
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "keep-alive-server");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.server.close();
			for (Socket socket : this.sockets) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
