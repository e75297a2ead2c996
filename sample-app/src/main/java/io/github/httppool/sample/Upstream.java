package io.github.httppool.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * HTTP server that the sample calls: a port of its own, one thread a connection. It
 * counts the connections that it accepts, so that nobody has to take the pool's word.
 */
@Component
class Upstream implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Upstream.class);

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	private static final int BACKLOG = 1024;

	private final ServerSocket listener;

	private final ExecutorService threads = Executors.newCachedThreadPool(Upstream::daemon);

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final AtomicLong accepted = new AtomicLong();

	Upstream(@Value("${sample.upstream.port:8081}") int port) {
		this.listener = listen(port);
		this.threads.execute(this::accept);
		logger.info("Upstream listens on {}", uri());
	}

	/**
	 * Return where this server is.
	 * @return scheme, host and port
	 */
	String uri() {
		return "http://" + LOOPBACK.getHostAddress() + ":" + this.listener.getLocalPort();
	}

	/**
	 * Return how many TCP connections this server has accepted since its start.
	 * @return the number of connections
	 */
	long accepted() {
		return this.accepted.get();
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		for (Socket socket : this.open) {
			socket.close();
		}
		this.threads.shutdownNow();
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket socket = this.listener.accept();
				this.accepted.incrementAndGet();
				this.threads.execute(() -> serve(socket));
			}
			catch (IOException ex) {
				logger.debug("Upstream could not accept a connection", ex);
			}
		}
	}

	private void serve(Socket socket) {
		this.open.add(socket);
		try (socket) {
			new UpstreamConnection(socket).serve();
		}
		catch (IOException ex) {
			logger.debug("Upstream lost a connection", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.open.remove(socket);
		}
	}

	private static ServerSocket listen(int port) {
		try {
			ServerSocket listener = new ServerSocket();
			listener.bind(new InetSocketAddress(LOOPBACK, port), BACKLOG);
			return listener;
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new UpstreamPortException(port, ex);
		}
	}

	private static Thread daemon(Runnable task) {
		Thread thread = new Thread(task, "upstream");
		thread.setDaemon(true);
		return thread;
	}

}
