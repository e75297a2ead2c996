package io.github.httppool.findings;

import java.util.function.Consumer;

import io.github.httppool.Finding;

/**
 * A rule that detects one kind of problem, on each route.
 */
interface RouteRule extends Rule {

	@Override
	default void check(PoolWindow window, Consumer<Finding> found) {
		window.routes().forEach((route) -> check(window, route, found));
	}

	void check(PoolWindow window, RouteWindow route, Consumer<Finding> found);

}
