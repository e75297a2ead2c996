package io.github.httppool.hc5.observe;

import io.github.httppool.CloseReason;
import io.github.httppool.PooledConnectionInfo;
import org.jspecify.annotations.Nullable;

/**
 * A connection as observers see it.
 */
public interface ConnectionView extends PooledConnectionInfo {

	ConnectTimes connectTimes();

	@Nullable CloseReason closeReason();

	/**
	 * Returns the {@link System#nanoTime()} at which the connection became idle before
	 * its current lease.
	 */
	long idleSince();

	/**
	 * Returns how many bytes of the current request were sent.
	 */
	long sentOfRequest();

}
