package io.github.httppool.hc5.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The order in which the addresses of a host are tried (RFC 8305, section 4).
 */
final class AddressOrder {

	private AddressOrder() {
	}

	/**
	 * Alternates address families, starting with the family of the resolver's first
	 * address. Within a family the order is the resolver's. Addresses that failed
	 * recently come last. Among them the most recent failure comes first, because its
	 * attempt had the least time.
	 * @param history the addresses that failed recently
	 * @param targets the targets that failed behind SOCKS proxies
	 */
	static List<ConnectAttempt> of(List<ConnectAttempt> resolved, AddressHistory history, AddressHistory targets) {
		Class<?> family = family(resolved.get(0));
		Deque<ConnectAttempt> same = new ArrayDeque<>();
		Deque<ConnectAttempt> other = new ArrayDeque<>();
		for (ConnectAttempt attempt : resolved) {
			((family(attempt) == family) ? same : other).add(attempt);
		}
		List<ConnectAttempt> order = new ArrayList<>(resolved.size());
		while (order.size() < resolved.size()) {
			addNext(same, order);
			addNext(other, order);
		}
		long now = System.nanoTime();
		order.sort(Comparator.comparingLong((attempt) -> Math.max(history.sinceFailure(attempt.address, now),
				targets.sinceFailure(attempt.target, now))));
		return order;
	}

	private static @Nullable Class<?> family(ConnectAttempt attempt) {
		InetSocketAddress address = attempt.address;
		InetAddress known = (address != null) ? address.getAddress() : null;
		return (known != null) ? known.getClass() : null;
	}

	private static void addNext(Deque<ConnectAttempt> from, List<ConnectAttempt> order) {
		ConnectAttempt next = from.poll();
		if (next != null) {
			order.add(next);
		}
	}

}
