package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;

import jdk.net.ExtendedSocketOptions;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;

/**
 * Applies a {@link SocketConfig} to a socket before it is connected, as HttpClient does
 * when it connects to addresses one after another.
 */
final class SocketSettings {

	private SocketSettings() {
	}

	static void apply(SocketConfig config, Socket socket) throws IOException {
		Timeout timeout = config.getSoTimeout();
		if (timeout != null) {
			socket.setSoTimeout(timeout.toMillisecondsIntBound());
		}
		if (config.getRcvBufSize() > 0) {
			socket.setReceiveBufferSize(config.getRcvBufSize());
		}
		if (config.getSndBufSize() > 0) {
			socket.setSendBufferSize(config.getSndBufSize());
		}
		// HttpClient treats this value as seconds: use the same value for all sockets.
		int linger = config.getSoLinger().toMillisecondsIntBound();
		if (linger >= 0) {
			socket.setSoLinger(true, linger);
		}
		socket.setReuseAddress(config.isSoReuseAddress());
		socket.setTcpNoDelay(config.isTcpNoDelay());
		socket.setKeepAlive(config.isSoKeepAlive());
		set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, config.getTcpKeepIdle());
		set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, config.getTcpKeepInterval());
		set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, config.getTcpKeepCount());
	}

	private static void set(Socket socket, SocketOption<Integer> option, int value) throws IOException {
		if (value > 0 && socket.supportedOptions().contains(option)) {
			socket.setOption(option, value);
		}
	}

}
