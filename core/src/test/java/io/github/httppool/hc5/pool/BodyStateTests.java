package io.github.httppool.hc5.pool;

import java.io.InputStream;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.http1.BodyEvents;
import io.github.httppool.hc5.observe.Listeners;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.StreamClosedException;
import org.apache.hc.core5.io.CloseMode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for a body that one thread reads and another one closes.
 */
class BodyStateTests {

	private final HttpPoolSettings settings = HttpPoolSettings.builder().build();

	private final ConnectionPool pool = new ConnectionPool("default", this.settings,
			new Listeners("default", List.of()),
			new ConnectionsBuilder("default", this.settings, List.of(), null, null));

	private final Lease lease = new Lease(this.pool, "1",
			this.pool.route(new HttpRoute(new HttpHost("http", "localhost", 80))), Call.unobserved(null, null, null));

	private final PooledConnection leased;

	/** Stands for the same one, so that it can be seen what the lease knows. */
	private final PooledConnection closed = this.pool.connections().create();

	private final BodyState reading;

	BodyStateTests() throws Exception {
		this.lease.hold(BookFixture.newConnection(this.pool, this.lease.route), System.nanoTime());
		this.leased = this.lease.held();
		this.lease.exchange.responseHeadReceived(200);
		this.reading = this.lease.exchange.responseBodyStarts(InputStream.nullInputStream(), this.closed);
	}

	/**
	 * The reader could give the connection back and another call could take it before the
	 * closing thread gets to close it: so it must not be kept.
	 */
	@Test
	void endThatIsReadWhileAnotherThreadClosesKeepsNoConnection() throws Exception {
		assertThat(this.reading.readStarts()).isTrue();
		this.reading.close(null);
		this.reading.readEnds(-1, true);
		this.lease.close(CloseMode.IMMEDIATE);
		assertThat(this.closed.closeReason()).isEqualTo(CloseReason.CANCELLED);
		assertThat(this.leased.closeReason()).as("the lease thinks that its body was cut")
			.isEqualTo(CloseReason.CANCELLED);
	}

	@Test
	void endThatIsReadBeforeAnotherThreadClosesIsTheEnd() throws Exception {
		assertThat(this.reading.readStarts()).isTrue();
		this.reading.readEnds(-1, true);
		this.reading.close(null);
		this.lease.close(CloseMode.IMMEDIATE);
		assertThat(this.closed.closeReason()).isNull();
		assertThat(this.leased.closeReason()).isEqualTo(CloseReason.SERVER_CLOSE);
	}

	@Test
	void bodyThatEndedHasNothingLeft() throws Exception {
		assertThat(this.reading.readStarts()).isTrue();
		this.reading.readEnds(-1, true);
		assertThat(this.reading.readStarts()).isFalse();
		assertThat(this.lease.exchange.isBodyComplete()).isTrue();
	}

	@Test
	void bodyThatWasReadInPartGoesOn() throws Exception {
		assertThat(this.reading.readStarts()).isTrue();
		this.reading.readEnds(5, false);
		assertThat(this.reading.readStarts()).isTrue();
		assertThat(this.lease.exchange.isBodyComplete()).isFalse();
	}

	@Test
	void bodyThatIsReadIsNotReadByAnotherThread() throws Exception {
		this.reading.readStarts();
		assertThatIOException().isThrownBy(this.reading::readStarts).withMessageContaining("another thread");
	}

	@Test
	void bodyThatWasClosedIsNotRead() {
		this.reading.close(null);
		assertThatExceptionOfType(StreamClosedException.class).isThrownBy(this.reading::readStarts);
	}

	@Test
	void bodyOfAFailedExchangeClosesItsConnectionForThatReason() throws Exception {
		this.reading.readStarts();
		this.reading.readEnds(BodyEvents.FAILED, false);
		assertThat(this.lease.exchange.failure()).isEqualTo(CloseReason.ERROR);
		this.reading.close(null);
		assertThat(this.closed.isClosed()).isTrue();
		assertThat(this.closed.closeReason()).as("said by the lease").isNull();
	}

	@Test
	void endOfABodyAfterAFailureIsNoEnd() throws Exception {
		this.reading.readStarts();
		this.reading.misframed();
		this.reading.readEnds(-1, true);
		assertThat(this.lease.exchange.isBodyComplete()).isFalse();
	}

}
