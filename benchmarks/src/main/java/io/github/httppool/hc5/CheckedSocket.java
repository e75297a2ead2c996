package io.github.httppool.hc5;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SocketChannel;

import org.apache.hc.core5.http.impl.io.SocketHolder;

/**
 * A connection that nobody uses, to time what the pool does before it leases one. It is
 * in this package because the check is nobody else's business.
 */
public final class CheckedSocket implements AutoCloseable {

	private final SocketChannel channel;

	private final SocketCheck check;

	/**
	 * Connect.
	 * @param server where to
	 * @throws IOException if that is not possible
	 */
	public CheckedSocket(URI server) throws IOException {
		this.channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
		this.check = new SocketCheck(new SocketHolder(this.channel.socket()), null, this.channel.socket(), null, () -> {
			throw new IllegalStateException("It has a channel");
		});
	}

	/**
	 * Do what is done before a lease.
	 * @param thorough whether to look for the end of the stream too, as where the
	 * connection was idle for longer than {@code validate-after-inactivity}
	 * @return whether the connection can be used
	 */
	public boolean isSound(boolean thorough) {
		return this.check.unsound(thorough, false) == null;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
