package io.github.httppool.hc5;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.core5.net.InetAddressUtils;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the addresses of a host, for a limited time. The JDK's own way has no limit
 * and cannot be interrupted, so it is left to a thread of its own, which is given up when
 * the time is over and ends when the operating system does.
 */
final class AddressLookup {

	private final DnsResolver resolver;

	private final String threadName;

	AddressLookup(DnsResolver resolver, String pool) {
		this.resolver = resolver;
		this.threadName = "http-pool-" + pool + "-dns";
	}

	/**
	 * Look a host up.
	 * @param host its name, or an address, which needs no looking up
	 * @param port the port that goes into the answer
	 * @param limit how long it may take, or {@code null} for any time
	 * @return the addresses
	 * @throws TimeoutException if there was no answer in time
	 */
	List<InetSocketAddress> addresses(String host, int port, @Nullable Timeout limit)
			throws IOException, TimeoutException {
		if (!TimeValue.isPositive(limit) || InetAddressUtils.isIPv4(host) || InetAddressUtils.isIPv6(host)) {
			return this.resolver.resolve(host, port);
		}
		FutureTask<Answer> lookup = new FutureTask<>(() -> ask(host, port));
		Thread thread = new Thread(lookup, this.threadName);
		thread.setDaemon(true);
		thread.start();
		try {
			Answer answer = lookup.get(limit.toNanoseconds(), TimeUnit.NANOSECONDS);
			if (answer.failure != null) {
				throw rethrown(answer.failure);
			}
			return answer.addresses;
		}
		catch (ExecutionException ex) {
			throw rethrown(ex.getCause());
		}
		catch (InterruptedException ex) {
			lookup.cancel(true);
			Thread.currentThread().interrupt();
			throw new InterruptedIOException("Interrupted while looking up " + host);
		}
		catch (TimeoutException ex) {
			lookup.cancel(true);
			throw ex;
		}
	}

	private Answer ask(String host, int port) {
		try {
			return new Answer(this.resolver.resolve(host, port), null);
		}
		catch (Throwable ex) {
			// Thrown from a task, it would be asked for its message.
			return new Answer(List.of(), ex);
		}
	}

	private static IOException rethrown(Throwable failure) {
		if (failure instanceof RuntimeException runtime) {
			throw runtime;
		}
		if (failure instanceof Error error) {
			throw error;
		}
		return (failure instanceof IOException io) ? io : new IOException(Failures.words(failure), failure);
	}

	/**
	 * What came of a look-up.
	 */
	private record Answer(List<InetSocketAddress> addresses, @Nullable Throwable failure) {
	}

}
