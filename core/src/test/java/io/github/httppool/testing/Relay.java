package io.github.httppool.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A slow network path to an upstream: the upstream's bytes arrive later.
 */
public final class Relay implements AutoCloseable {

	private final ServerSocket server;

	private final String base;

	private final int upstreamPort;

	private final Duration delay;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	/** Of connections that were dropped. */
	private final Set<Socket> dropped = ConcurrentHashMap.newKeySet();

	private volatile boolean reading = true;

	/** Parts of what upstreams sent that are still on their way. */
	private final AtomicInteger underWay = new AtomicInteger();

	public Relay(ScriptedUpstream upstream, Duration delay) {
		this(upstream.url(), upstream.port(), delay);
	}

	public Relay(int upstreamPort, Duration delay) {
		this("http://127.0.0.1:" + upstreamPort, upstreamPort, delay);
	}

	private Relay(String base, int upstreamPort, Duration delay) {
		this.base = base;
		this.upstreamPort = upstreamPort;
		this.delay = delay;
		try {
			this.server = new ServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::acceptAll);
	}

	public URI uri(String path) {
		return URI.create(this.base.replaceFirst(":\\d+$", ":" + this.server.getLocalPort()) + path);
	}

	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Send some bytes over the first connection, as if the upstream had sent them.
	 */
	public void inject(byte[] bytes) throws IOException {
		this.sockets.get(0).getOutputStream().write(bytes);
	}

	/**
	 * Say whether everything that was sent has arrived.
	 */
	public boolean isQuiet() {
		return this.underWay.get() == 0;
	}

	/**
	 * Drop the connections that there are, as a firewall does: nothing comes through any
	 * more, and neither side is notified. New connections work.
	 */
	public void drop() {
		this.dropped.addAll(this.sockets);
	}

	/**
	 * Drop the connections that there are, and take nothing more from them.
	 */
	public void stopReading() {
		drop();
		this.reading = false;
	}

	private void acceptAll() {
		try {
			while (true) {
				Socket client = this.server.accept();
				Socket target = new Socket("127.0.0.1", this.upstreamPort);
				this.sockets.add(client);
				this.sockets.add(target);
				start(() -> copy(client, target, Duration.ZERO));
				start(() -> copy(target, client, this.delay));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void copy(Socket from, Socket to, Duration delay) {
		byte[] buffer = new byte[16 * 1024];
		try (from; to) {
			InputStream input = from.getInputStream();
			OutputStream output = to.getOutputStream();
			for (int count = input.read(buffer); count > 0; count = input.read(buffer)) {
				while (!this.reading && !from.isClosed()) {
					Pause.ofMillis(10);
				}
				this.underWay.incrementAndGet();
				Pause.of(delay);
				if (!this.dropped.contains(from)) {
					output.write(buffer, 0, count);
				}
				this.underWay.decrementAndGet();
			}
		}
		catch (IOException | InterruptedException ex) {
			// The other side is closed with this one.
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "relay");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

}
