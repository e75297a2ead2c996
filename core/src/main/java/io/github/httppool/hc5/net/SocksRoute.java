package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

import io.github.httppool.ProxyServer;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.net.InetAddressUtils;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * How connections are opened through SOCKS proxies.
 *
 * @param lookup resolves the proxies themselves, whose names come from trusted settings
 * @param resolvesNames whether server names are resolved locally instead of by the proxy
 */
public record SocksRoute(AddressLookup lookup, boolean resolvesNames) {

	/**
	 * Returns the server as it is sent to a proxy: an IP address, or a name that the
	 * proxy looks up.
	 */
	public static InetSocketAddress target(HttpHost host, int port) throws IOException {
		InetAddress known = host.getAddress();
		String written = HostName.withoutZone(host.getHostName());
		String name = written.startsWith("[") ? written.substring(1, written.length() - 1) : written;
		if (known == null && (InetAddressUtils.isIPv4(name) || InetAddressUtils.isIPv6(name))) {
			known = InetAddress.getByName(name);
		}
		return (known != null) ? new InetSocketAddress(known, port) : InetSocketAddress.createUnresolved(name, port);
	}

	/**
	 * Combines addresses: each address of the proxy with the first address of the server,
	 * then with the next one.
	 */
	public static List<ConnectAttempt> hops(List<InetSocketAddress> proxies, List<InetSocketAddress> targets) {
		List<ConnectAttempt> hops = new ArrayList<>();
		for (InetSocketAddress target : targets) {
			for (InetSocketAddress proxy : proxies) {
				hops.add(new ConnectAttempt(proxy, target));
			}
		}
		return hops;
	}

	/**
	 * Lets the connected proxy of a connection connect to a server.
	 * @param timeout the time limit, including the connect to the proxy
	 * @param started when that connect began
	 */
	public static void open(ManagedHttpClientConnection connection, ProxyServer proxy, InetSocketAddress target,
			@Nullable Timeout timeout, long started) throws IOException {
		Socket socket = connection.getSocket();
		if (socket == null) {
			throw new ConnectionClosedException("The connection was closed while it was being opened");
		}
		long limit = TimeValue.isPositive(timeout) ? timeout.toNanoseconds() : Long.MAX_VALUE / 2;
		try {
			Socks5.connect(socket, proxy, target, limit - (System.nanoTime() - started));
		}
		catch (IOException ex) {
			Closer.closeQuietly(socket);
			throw ex;
		}
	}

}
