package io.github.httppool.testing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

import io.github.httppool.HttpPoolCustomizer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;

/**
 * A resolver that returns the same addresses for every host and port. Without addresses
 * every host is unknown.
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
