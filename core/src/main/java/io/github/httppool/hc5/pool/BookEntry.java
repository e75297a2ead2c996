package io.github.httppool.hc5.pool;

import org.jspecify.annotations.Nullable;

/**
 * The view that a {@link ConnectionBook} has of a connection: a state that only one
 * thread at a time can claim.
 * <p>
 * An entry is leased when it is created. Only the owner of a leased entry makes it idle,
 * and only one of the threads that try to claim an idle entry succeeds:
 *
 * <pre>
 *           tryIdle                     tryLease
 * leased ------------&gt; idle ------------------------&gt; leased
 *    |                   |  claimed by another thread
 *    +---&gt; closed &lt;------+  for a check, or to close it
 * </pre>
 */
interface BookEntry {

	/**
	 * Claim this entry if it is idle.
	 * @return {@code false} if it is not idle
	 */
	boolean tryLease();

	/**
	 * Make this leased entry idle.
	 * @return {@code false} if it was closed in the meantime
	 */
	boolean tryIdle();

	/**
	 * Return the time at which this entry became idle, as {@link System#nanoTime()}.
	 */
	long idleSince();

	/**
	 * Return the user to whom this entry belongs, or {@code null} if any caller may use
	 * it.
	 */
	@Nullable Object userToken();

}
