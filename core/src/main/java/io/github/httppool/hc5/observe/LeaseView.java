package io.github.httppool.hc5.observe;

import java.time.Duration;

import io.github.httppool.LeaseInfo;
import org.jspecify.annotations.Nullable;

/**
 * What observers read of a lease.
 */
public interface LeaseView extends LeaseInfo {

	RouteStats routeStats();

	/**
	 * Returns the connection.
	 * @throws NullPointerException if the lease has none yet
	 */
	ConnectionView held();

	boolean isReused();

	/**
	 * Returns when the connection was leased, in {@link System#nanoTime()}.
	 */
	long leasedAt();

	/**
	 * Returns how long the server may be silent, or {@code null} if that is not known.
	 */
	@Nullable Duration responseTimeout();

	/**
	 * Returns why the request was not sent again over another connection, or {@code null}
	 * if that was not considered.
	 */
	@Nullable String whyNotReplayed();

	/**
	 * Returns whether no thread reads the response body at the moment, and it is not
	 * closed.
	 */
	boolean isUnattended();

}
