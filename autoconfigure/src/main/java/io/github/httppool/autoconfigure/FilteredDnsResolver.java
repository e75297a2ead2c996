package io.github.httppool.autoconfigure;

import java.lang.reflect.Constructor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.http.client.FilteredHostException;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.util.ReflectionUtils;

/**
 * Removes the addresses that the application's {@link InetAddressFilter} does not match.
 * Fails with Spring Boot's own exception if no address remains.
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
		requireAny(host, matching.length, (found != null) ? found.length : 0);
		return matching;
	}

	@Override
	public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
		List<InetSocketAddress> found = this.delegate.resolve(host, port);
		List<InetSocketAddress> matching = found.stream()
			.filter((address) -> address.getAddress() != null && this.filter.matches(address))
			.toList();
		requireAny(host, matching.size(), found.size());
		return matching;
	}

	/**
	 * Delegate to Spring Boot's own resolver, because only Spring Boot can create its
	 * exception. A host without addresses is a DNS failure, not a filter failure.
	 */
	private void requireAny(String host, int matching, int found) throws UnknownHostException {
		if (matching > 0 || found == 0) {
			return;
		}
		Constructor<FilteredHostException> constructor;
		try {
			constructor = ReflectionUtils.accessibleConstructor(FilteredHostException.class, String.class,
					InetAddressFilter.class);
		}
		catch (NoSuchMethodException ex) {
			throw new UnknownHostException(
					"No address of host '%s' passes the InetAddressFilter of this client; it was not contacted"
						.formatted(host));
		}
		throw BeanUtils.instantiateClass(constructor, host, this.filter);
	}

	@Override
	public @Nullable String resolveCanonicalHostname(String host) throws UnknownHostException {
		return this.delegate.resolveCanonicalHostname(host);
	}

}
