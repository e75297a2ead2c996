package io.github.httppool.sample.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * HTTP server that one side of an experiment calls, on a free port of the loopback
 * interface, with one thread for each connection. It counts connections and requests, so
 * that the numbers of both sides come from the same place, not from the clients.
 */
final class LabUpstream implements AutoCloseable {

	private static final int BACKLOG = 1024;

	private final Answers answers;

	private final ServerSocket listener;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger accepted = new AtomicInteger();

	private final AtomicInteger serving = new AtomicInteger();

	LabUpstream(Answers answers) {
		this.answers = answers;
		try {
			this.listener = new ServerSocket();
			this.listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	int port() {
		return this.listener.getLocalPort();
	}

	String uri() {
		return "http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":" + port();
	}

	/**
	 * Return the number of connections that clients have opened.
	 */
	int accepted() {
		return this.accepted.get();
	}

	/**
	 * Return the number of connections that are open.
	 */
	int open() {
		return this.open.size();
	}

	/**
	 * Return the number of requests that have arrived and are not answered yet.
	 */
	int serving() {
		return this.serving.get();
	}

	/**
	 * Reset all connections. No socket stays in {@code TIME_WAIT}, and clients that wait
	 * for a response fail.
	 */
	@Override
	public void close() {
		closeQuietly(this.listener);
		this.open.forEach((socket) -> {
			try {
				socket.setSoLinger(true, 0);
			}
			catch (IOException ex) {
				// the connection has ended meanwhile
			}
			closeQuietly(socket);
		});
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket socket = this.listener.accept();
				this.accepted.incrementAndGet();
				this.open.add(socket);
				start(() -> serve(socket));
			}
			catch (IOException ex) {
				// closed, or a client that gave up
			}
		}
		close();
	}

	private void serve(Socket socket) {
		try (socket) {
			new LabConnection(socket, this.answers, this.serving).serve();
		}
		catch (IOException ex) {
			// the client went away, or the experiment is over
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.open.remove(socket);
		}
	}

	private static void closeQuietly(AutoCloseable closeable) {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			// it is closed all the same
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "lab-upstream");
		thread.setDaemon(true);
		thread.start();
	}

}
