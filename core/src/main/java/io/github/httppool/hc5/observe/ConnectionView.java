package io.github.httppool.hc5.observe;

import io.github.httppool.CloseReason;
import io.github.httppool.PooledConnectionInfo;
import org.jspecify.annotations.Nullable;

/**
 * What observers read of a connection.
 */
public interface ConnectionView extends PooledConnectionInfo {

	ConnectTimes connectTimes();

	@Nullable CloseReason closeReason();

	/**
	 * Returns since when the connection was idle before its current lease, in
	 * {@link System#nanoTime()}.
	 */
	long idleSince();

	/**
	 * Returns how many bytes of the current request were sent.
	 */
	long sentOfRequest();

}
