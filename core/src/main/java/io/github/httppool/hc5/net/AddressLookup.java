package io.github.httppool.hc5.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.classic.RequestFailedException;
import org.apache.hc.core5.net.InetAddressUtils;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the addresses of a host within a time limit.
 *
 * @param resolver the resolver
 * @param lookups the shared lookups of the pool
 */
public record AddressLookup(DnsResolver resolver, SharedLookups lookups) {

	/**
	 * Looks up a host.
	 * @param host its name, or an IP address, which needs no lookup
	 * @param port the port of the returned addresses
	 * @param limit the time limit, or {@code null} for none
	 * @return the addresses
	 * @throws TimeoutException if there was no answer in time; the message gives the
	 * reason
	 */
	public List<InetSocketAddress> addresses(String host, int port, @Nullable Timeout limit)
			throws IOException, TimeoutException {
		if (!TimeValue.isPositive(limit) || InetAddressUtils.isIPv4(host) || InetAddressUtils.isIPv6(host)
				|| SharedLookups.isLookupThread()) {
			return this.resolver.resolve(host, port);
		}
		Lookup.Answer answer = answer(new Lookup.Key(this.resolver, host, port), limit.toNanoseconds());
		if (answer.failure() != null) {
			throw rethrown(answer.failure());
		}
		return answer.addresses();
	}

	private Lookup.Answer answer(Lookup.Key key, long nanos) throws IOException, TimeoutException {
		try {
			return this.lookups.answer(key, nanos);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while looking up " + key.host());
		}
		catch (CancellationException ex) {
			throw new RequestFailedException("The lookup of " + key.host() + " was given up");
		}
	}

	private static IOException rethrown(Throwable failure) {
		if (failure instanceof RuntimeException runtime) {
			throw runtime;
		}
		if (failure instanceof Error error) {
			throw error;
		}
		return (failure instanceof IOException io) ? io : new IOException(Exceptions.messageOrType(failure), failure);
	}

}
