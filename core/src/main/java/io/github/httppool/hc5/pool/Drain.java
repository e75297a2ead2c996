package io.github.httppool.hc5.pool;

import java.io.IOException;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.http1.DrainableBody;
import io.github.httppool.hc5.net.Housekeeper;
import io.github.httppool.hc5.net.ScheduledTimeout;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rest of a body that its caller left unread, so that the connection can be
 * reused. The bytes and the time are bounded, regardless of the server's behaviour.
 * <p>
 * The housekeeper enforces the time limit by closing the connection during a blocking
 * read. A socket timeout would restart with every byte.
 */
final class Drain {

	/**
	 * The bytes are discarded, so all threads may share this buffer.
	 */
	private static final byte[] SINK = new byte[8192];

	private final DrainableBody body;

	private final SocketConnection connection;

	private final Housekeeper housekeeper;

	private final long maxBytes;

	private final long maxNanos;

	private long bytes;

	Drain(DrainableBody body, SocketConnection connection, PoolContext pool) {
		this.body = body;
		this.connection = connection;
		this.housekeeper = pool.housekeeper();
		HttpPoolSettings settings = pool.settings();
		this.maxBytes = settings.drainMaxBytes();
		this.maxNanos = settings.drainMaxTime().toNanos();
	}

	/**
	 * Read the body to its end, as far as the bounds allow.
	 * @param now the time
	 * @return the outcome; the connection may be closed unless the outcome is
	 * {@link DrainOutcome#REUSED}
	 */
	DrainOutcome run(long now) {
		long remaining = this.body.remaining();
		if (remaining > this.maxBytes) {
			return DrainOutcome.TOO_LARGE;
		}
		if (remaining >= 0 && remaining <= this.body.buffered()) {
			return readToEnd(null);
		}
		if (this.maxNanos == 0) {
			return DrainOutcome.TOO_SLOW;
		}
		CloseOnTimeout overdue = new CloseOnTimeout(now, this.maxNanos, this.connection, CloseReason.DRAIN_TIME,
				ScheduledTimeout.READER_GRACE);
		this.housekeeper.schedule(overdue);
		DrainOutcome outcome = DrainOutcome.FAILED;
		try {
			outcome = readToEnd(overdue);
		}
		finally {
			if (!this.housekeeper.cancel(overdue)) {
				outcome = DrainOutcome.TOO_SLOW;
			}
		}
		return outcome;
	}

	/**
	 * Read to the end, because only that proves that the body is complete. If the length
	 * is unknown, read up to one byte more than the limit.
	 * @param overdue the time limit, or {@code null} if nothing is read from the socket
	 */
	private DrainOutcome readToEnd(@Nullable CloseOnTimeout overdue) {
		try {
			while (true) {
				int read = this.body.discard(SINK);
				if (read < 0) {
					return DrainOutcome.REUSED;
				}
				this.bytes += read;
				if (this.bytes > this.maxBytes) {
					return DrainOutcome.TOO_LARGE;
				}
				if (overdue != null && overdue.hasFired() && this.body.remaining() != 0) {
					return DrainOutcome.TOO_SLOW;
				}
			}
		}
		catch (IOException ex) {
			return DrainOutcome.FAILED;
		}
	}

	long bytes() {
		return this.bytes;
	}

}
