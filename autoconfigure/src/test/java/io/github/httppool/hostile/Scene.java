package io.github.httppool.hostile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPool;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.ScriptedUpstream;

import org.springframework.web.client.RestClient;

/**
 * Where a case is played: an application with its client and pool, a server, and the
 * thread of the caller.
 */
final class Scene {

	private final RestClient client;

	private final HttpPool pool;

	private final ScriptedUpstream upstream;

	private volatile Thread caller;

	Scene(RestClient client, HttpPool pool, ScriptedUpstream upstream) {
		this.client = client;
		this.pool = pool;
		this.upstream = upstream;
	}

	/**
	 * Return the application's shared client, for the server.
	 */
	RestClient client() {
		return this.client;
	}

	ScriptedUpstream upstream() {
		return this.upstream;
	}

	/**
	 * Return the thread in which the caller of the case runs.
	 */
	Thread caller() {
		return this.caller;
	}

	void caller(Thread caller) {
		this.caller = caller;
	}

	HttpPool pool() {
		return this.pool;
	}

	PoolSnapshot.Connections connections() {
		return this.pool.snapshot().connections();
	}

	PoolSnapshot.Totals totals() {
		return this.pool.snapshot().totals();
	}

	/**
	 * Return why connections were closed so far, each reason as often as it occurred.
	 */
	List<CloseReason> closeReasons() {
		List<CloseReason> reasons = new ArrayList<>();
		totals().closed().forEach((reason, count) -> reasons.addAll(Collections.nCopies(count.intValue(), reason)));
		return reasons;
	}

}
