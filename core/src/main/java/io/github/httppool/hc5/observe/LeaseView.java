package io.github.httppool.hc5.observe;

import java.time.Duration;

import io.github.httppool.LeaseInfo;
import org.jspecify.annotations.Nullable;

/**
 * A lease as observers see it.
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
	 * Returns the response timeout, or {@code null} if it is unknown.
	 */
	@Nullable Duration responseTimeout();

	/**
	 * Returns why the request was not retried on another connection, or {@code null} if
	 * no retry was considered.
	 */
	@Nullable String whyNotReplayed();

	/**
	 * Returns whether the response body is open but no thread is currently reading it.
	 */
	boolean isUnattended();

}
