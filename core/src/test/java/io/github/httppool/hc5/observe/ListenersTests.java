package io.github.httppool.hc5.observe;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;

import com.sun.management.ThreadMXBean;
import io.github.httppool.AcquireOutcome;
import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.PooledConnectionInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the cost of notifications by {@link Listeners}.
 */
class ListenersTests {

	private static final int TIMES = 20_000;

	private static final LeaseInfo LEASE = (LeaseInfo) Proxy.newProxyInstance(ListenersTests.class.getClassLoader(),
			new Class<?>[] { LeaseInfo.class }, (proxy, method, arguments) -> {
				throw new UnsupportedOperationException();
			});

	private static final PooledConnectionInfo CONNECTION = new ClosedConnection("c", "default", "http://there",
			Duration.ZERO, 1, 0, 0);

	private long told;

	@Test
	void notifyingAllocatesNoObjects() {
		HttpPoolListener listener = new HttpPoolListener() {

			@Override
			public void acquireEnded(LeaseInfo lease, AcquireOutcome outcome, long waitedNanos, long idleNanos) {
				ListenersTests.this.told += waitedNanos;
			}

			@Override
			public void released(LeaseInfo lease, @Nullable CloseReason notKept) {
				ListenersTests.this.told++;
			}

		};
		Listeners listeners = new Listeners("default", List.of(listener, listener));
		tellAll(listeners);
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		for (int i = 0; i < TIMES; i++) {
			tellAll(listeners);
		}
		long bytes = threads.getCurrentThreadAllocatedBytes() - before;
		assertThat(this.told).isEqualTo((TIMES + 1) * 2 * 1001L);
		assertThat(bytes).as("bytes for %d calls", TIMES).isLessThan(TIMES);
	}

	private static void tellAll(Listeners listeners) {
		listeners.acquireStarted(LEASE);
		listeners.acquireEnded(LEASE, AcquireOutcome.REUSED, 1000, 2000);
		listeners.requestHeadSent(LEASE);
		listeners.requestBodySent(LEASE, 1L << 40);
		listeners.requestSent(LEASE);
		listeners.firstByteReceived(LEASE);
		listeners.responseStarted(LEASE, 503);
		listeners.bodyEnded(LEASE, 1L << 40);
		listeners.released(LEASE, CloseReason.IDLE_TIMEOUT);
		listeners.connectionClosed(CONNECTION, CloseReason.IDLE_TIMEOUT);
	}

}
