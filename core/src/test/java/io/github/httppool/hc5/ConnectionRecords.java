package io.github.httppool.hc5;

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
 * Records the connections of any number of calls. Remembers only those that are open.
 */
final class ConnectionRecords implements HttpPoolListener {

	private final Set<String> open = ConcurrentHashMap.newKeySet();

	private final LongAdder opened = new LongAdder();

	private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

	private final List<String> mistakes = new CopyOnWriteArrayList<>();

	ConnectionRecords() {
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
	 * Say that nothing is leased, and that each connection opened is idle or was closed,
	 * once, as the pool itself counts it.
	 */
	void assertComplete(PoolSnapshot snapshot) {
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
