package io.github.httppool.hc5;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

import io.github.httppool.HttpPoolCustomizer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;

/**
 * Gives every host the same addresses, whatever port is asked for; none make it unknown.
 */
public record FixedAddresses(List<InetSocketAddress> addresses) implements DnsResolver, HttpPoolCustomizer {

	public FixedAddresses(InetSocketAddress... addresses) {
		this(List.of(addresses));
	}

	@Override
	public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
		connections.setDnsResolver(this);
	}

	@Override
	public InetAddress[] resolve(String host) {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
		if (this.addresses.isEmpty()) {
			throw new UnknownHostException(host);
		}
		return this.addresses;
	}

	@Override
	public String resolveCanonicalHostname(String host) {
		return host;
	}

}
