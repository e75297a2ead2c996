package io.github.httppool.benchmarks.upstream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * Serves thousands of connections, on many ports, in one thread: each request, whatever
 * it is, is answered with 1 KB.
 */
final class IdleServer implements Runnable {

	private final Selector selector = Selector.open();

	private final StringBuilder ports = new StringBuilder();

	private final ByteBuffer request = ByteBuffer.allocateDirect(2048);

	private final ByteBuffer response = ByteBuffer.wrap(Answer.KB1.bytes());

	IdleServer(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			ServerSocketChannel server = ServerSocketChannel.open();
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
			server.configureBlocking(false);
			server.register(this.selector, SelectionKey.OP_ACCEPT);
			this.ports.append(' ').append(server.socket().getLocalPort());
		}
	}

	String ports() {
		return this.ports.toString();
	}

	@Override
	public void run() {
		while (true) {
			try {
				this.selector.select(this::serve);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private void serve(SelectionKey key) {
		try {
			if (key.channel() instanceof ServerSocketChannel server) {
				SocketChannel accepted = server.accept();
				accepted.configureBlocking(false);
				accepted.register(this.selector, SelectionKey.OP_READ);
			}
			else {
				answer((SocketChannel) key.channel());
			}
		}
		catch (IOException ex) {
			key.cancel();
		}
	}

	private void answer(SocketChannel channel) throws IOException {
		this.request.clear();
		if (channel.read(this.request) < 0) {
			channel.close();
			return;
		}
		this.response.rewind();
		while (this.response.hasRemaining()) {
			channel.write(this.response);
		}
	}

}
