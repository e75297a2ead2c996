package io.github.httppool.hc5.pool;

/**
 * What became of an attempt to acquire a slot.
 */
enum EnterResult {

	/** The acquire has a slot. */
	GRANTED,

	/** The acquire waits. */
	PENDING,

	/** Too many acquires wait already. */
	REJECTED,

	/**
	 * As {@link #REJECTED}, but an idle entry is being checked, which takes microseconds:
	 * try again.
	 */
	CHECK_RUNNING,

	/** The pool has forgotten the route: look it up again. */
	ROUTE_RETIRED,

	/** No slots are granted any more. */
	CLOSED

}
