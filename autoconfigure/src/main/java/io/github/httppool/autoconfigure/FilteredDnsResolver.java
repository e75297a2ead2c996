package io.github.httppool.autoconfigure;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.InetAddressFilter;

/**
 * Leaves out the addresses that the application's {@link InetAddressFilter} does not
 * match.
 */
final class FilteredDnsResolver implements DnsResolver {

	private final DnsResolver delegate;

	private final InetAddressFilter filter;

	FilteredDnsResolver(DnsResolver delegate, InetAddressFilter filter) {
		this.delegate = delegate;
		this.filter = filter;
	}

	@Override
	public InetAddress[] resolve(String host) throws UnknownHostException {
		InetAddress[] found = this.delegate.resolve(host);
		InetAddress[] matching = (found != null)
				? Arrays.stream(found).filter(this.filter::matches).toArray(InetAddress[]::new) : new InetAddress[0];
		requireAny(host, matching.length);
		return matching;
	}

	@Override
	public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
		List<InetSocketAddress> matching = this.delegate.resolve(host, port)
			.stream()
			.filter((address) -> address.getAddress() != null && this.filter.matches(address))
			.toList();
		requireAny(host, matching.size());
		return matching;
	}

	private static void requireAny(String host, int count) throws UnknownHostException {
		if (count == 0) {
			throw new UnknownHostException(
					"No address of host '%s' passes the InetAddressFilter of this client; it was not contacted"
						.formatted(host));
		}
	}

	@Override
	public @Nullable String resolveCanonicalHostname(String host) throws UnknownHostException {
		return this.delegate.resolveCanonicalHostname(host);
	}

}
