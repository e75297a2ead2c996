package io.github.httppool.hc5.pool;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;

import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a route that callers gave back while nobody waited, for the next
 * callers. HttpClient's pool still takes them for leased, so that it need not be asked,
 * with its lock and its queue.
 * <p>
 * Who has to wait first passes all of them on to HttpClient's pool, which serves those
 * who wait; and who puts one here looks afterwards whether anybody waits. One of the two
 * sees the other.
 */
public final class IdleConnections {

	private final ConcurrentLinkedDeque<ConnectionEndpoint> endpoints = new ConcurrentLinkedDeque<>();

	void put(ConnectionEndpoint endpoint) {
		this.endpoints.addFirst(endpoint);
	}

	/**
	 * Take the one that was put here last. It may have been closed since.
	 * @return the connection, or {@code null} if there is none
	 */
	public @Nullable ConnectionEndpoint take() {
		return this.endpoints.pollFirst();
	}

	/**
	 * Take the one that was put here first. It may have been closed since.
	 * @return the connection, or {@code null} if there is none
	 */
	@Nullable ConnectionEndpoint takeOldest() {
		return this.endpoints.pollLast();
	}

	boolean isEmpty() {
		return this.endpoints.isEmpty();
	}

	/**
	 * Remove those that were closed.
	 * @param each is given each of them
	 */
	void removeClosed(Consumer<ConnectionEndpoint> each) {
		for (ConnectionEndpoint endpoint : this.endpoints) {
			PooledConnection connection = Lease.connectionOf(endpoint);
			if ((connection == null || connection.isClosed()) && this.endpoints.removeFirstOccurrence(endpoint)) {
				each.accept(endpoint);
			}
		}
	}

}
