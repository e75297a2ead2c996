package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for slots that become free or idle while something goes wrong.
 */
@org.junit.jupiter.api.Timeout(60)
class LeaseReleaseTests {

	private static final TimeValue KEPT = TimeValue.ofSeconds(50);

	private final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok(new byte[0]));

	private final HttpRoute httpRoute = new HttpRoute(
			new HttpHost("http", "localhost", this.upstream.uri("/").getPort()));

	private final Token token = new Token();

	private @Nullable ConnectionPool pool;

	@AfterEach
	void shutDown() {
		this.upstream.close();
		if (this.pool != null) {
			this.pool.shutDown();
		}
	}

	private ConnectionPool pool(HttpPoolSettings.Builder builder) {
		HttpPoolSettings settings = builder.maxPerRoute(1).build();
		ConnectionPool created = new ConnectionPool("default", settings, new Listeners("default", List.of()),
				new ConnectionsBuilder("default", settings, List.of(), null, null));
		this.pool = created;
		return created;
	}

	private Lease lease(ConnectionPool pool, @Nullable Object userToken) throws Exception {
		return (Lease) pool.manager()
			.lease("1", this.httpRoute, Timeout.ofSeconds(20), userToken)
			.get(Timeout.ofSeconds(20));
	}

	private Lease connected(ConnectionPool pool, @Nullable Object userToken) throws Exception {
		Lease lease = lease(pool, userToken);
		pool.manager().connect(lease, Timeout.ofSeconds(20), HttpClientContext.create());
		return lease;
	}

	private CompletableFuture<Lease> waiting(ConnectionPool pool, @Nullable Object userToken) {
		CompletableFuture<Lease> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(lease(pool, userToken));
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		}, "waiting");
		thread.setDaemon(true);
		thread.start();
		Awaitility.await().until(() -> pool.pending() == 1);
		return result;
	}

	@Test
	void connectionIsKeptAlthoughTheUserTokenOfAWaitingCallerThrows() throws Exception {
		ConnectionPool pool = pool(HttpPoolSettings.builder());
		Lease lease = connected(pool, null);
		CompletableFuture<Lease> waiting = waiting(pool, this.token);
		this.token.failure = new IllegalStateException("for the test");
		lease.end(KEPT);
		assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS)).cause().isSameAs(this.token.failure);
		assertThat(lease.held().isIdle()).isTrue();
		assertThat(pool.tally().both()).as("one is idle").isOne();
		assertThat(lease.route.tally.both()).isOne();
		assertThat(lease(pool, null).held()).isSameAs(lease.held());
	}

	@Test
	void slotIsFreeAlthoughTheUserTokenThrowsDuringTheHandOver() throws Exception {
		ConnectionPool pool = pool(HttpPoolSettings.builder().maxIdlePerRoute(0));
		Lease lease = connected(pool, this.token);
		CompletableFuture<Lease> waiting = waiting(pool, null);
		this.token.failure = new IllegalStateException("for the test");
		assertThatIllegalStateException().isThrownBy(() -> lease.end(KEPT)).isSameAs(this.token.failure);
		assertThat(lease.held().isClosed()).isTrue();
		waiting.get(20, TimeUnit.SECONDS).end(null);
		assertThat(pool.tally().both()).isZero();
	}

	@Test
	void grantedConnectionThatIsGivenBackAfterAStopIsNotKept() throws Exception {
		ConnectionPool pool = pool(HttpPoolSettings.builder());
		Lease lease = connected(pool, null);
		PendingAcquire<PooledConnection> acquire = new PendingAcquire<>(lease.route.slots, null);
		assertThat(pool.book().enter(acquire, -1)).isEqualTo(EnterResult.PENDING);
		lease.end(KEPT);
		assertThat(acquire.state()).isEqualTo(PendingAcquire.State.GRANTED);
		pool.refuseCalls();
		pool.slots().giveBack(acquire);
		assertThat(lease.held().closeReason()).isEqualTo(CloseReason.SHUTDOWN);
		assertThat(pool.tally().both()).isZero();
	}

	@Test
	void callerThatMayNotWaitIsNotRejectedWhileAnIdleConnectionIsBeingClosed() throws Exception {
		ConnectionPool pool = pool(HttpPoolSettings.builder());
		Lease lease = lease(pool, null);
		PooledConnection connection = lease.held();
		RouteSlots<PooledConnection> slots = lease.route.slots;
		List<EnterResult> results = new ArrayList<>();
		connection.bind(new Socket() {

			@Override
			public void close() throws IOException {
				if (results.isEmpty()) {
					results.add(pool.book().enter(new PendingAcquire<>(slots, null), 0));
				}
				super.close();
			}

		});
		assertThat(pool.book().tryReserveIdle(slots, 1)).isTrue();
		assertThat(pool.book().becomeIdle(slots, connection)).isTrue();
		assertThat(connection.closeIfIdle(CloseReason.EVICTED)).isTrue();
		assertThat(results).containsExactly(EnterResult.CHECK_RUNNING);
		assertThat(pool.tally().both()).isZero();
	}

	/**
	 * A user token that cannot be compared any more.
	 */
	private static final class Token {

		private volatile @Nullable RuntimeException failure;

		@Override
		public boolean equals(Object other) {
			RuntimeException failure = this.failure;
			if (failure != null) {
				throw failure;
			}
			return this == other;
		}

		@Override
		public int hashCode() {
			return 0;
		}

	}

}
