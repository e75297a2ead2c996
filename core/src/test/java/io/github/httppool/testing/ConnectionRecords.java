package io.github.httppool.testing;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.PooledConnectionInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Counts the connections of any number of calls. Remembers only the open ones, so that it
 * can watch a long run.
 */
public final class ConnectionRecords implements HttpPoolListener {

	private final Set<String> open = ConcurrentHashMap.newKeySet();

	private final LongAdder opened = new LongAdder();

	private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

	private final List<String> mistakes = new CopyOnWriteArrayList<>();

	public ConnectionRecords() {
		for (CloseReason reason : CloseReason.values()) {
			this.closed.put(reason, new LongAdder());
		}
	}

	@Override
	public void connectionOpened(LeaseInfo lease, PooledConnectionInfo connection) {
		this.opened.increment();
		if (!this.open.add(connection.id())) {
			this.mistakes.add("opened twice: " + connection.id());
		}
	}

	@Override
	public void connectionClosed(PooledConnectionInfo connection, CloseReason reason) {
		this.closed.get(reason).increment();
		if (!this.open.remove(connection.id())) {
			this.mistakes.add("closed twice, or never opened: " + connection.id());
		}
	}

	/**
	 * Assert that nothing is leased, and that each opened connection is idle or was
	 * closed once, as the pool itself counts.
	 */
	public void assertComplete(PoolSnapshot snapshot) {
		assertThat(this.mistakes).isEmpty();
		assertThat(snapshot.connections().leased()).as("leased").isZero();
		assertThat(snapshot.connections().pending()).as("pending").isZero();
		RecordedEvents.assertAccounted(snapshot);
		assertThat(this.opened.sum()).isEqualTo(snapshot.totals().opened());
		this.closed.forEach((reason, count) -> assertThat(count.sum()).as("%s", reason)
			.isEqualTo(snapshot.totals().closed().getOrDefault(reason, 0L)));
		assertThat(this.open).hasSize(snapshot.connections().idle());
	}

}
