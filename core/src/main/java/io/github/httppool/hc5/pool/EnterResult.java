package io.github.httppool.hc5.pool;

/**
 * The result of an attempt to acquire a slot.
 */
enum EnterResult {

	/** The acquire has a slot. */
	GRANTED,

	/** The acquire is in the queue of its route. */
	PENDING,

	/** Too many acquires are pending. */
	REJECTED,

	/**
	 * Like {@link #REJECTED}, but an idle entry is being checked or closed. This takes
	 * microseconds, so the caller must try again.
	 */
	CHECK_RUNNING,

	/** The pool has removed the route. The caller must look it up again. */
	ROUTE_RETIRED,

	/** The pool is closed. */
	CLOSED

}
