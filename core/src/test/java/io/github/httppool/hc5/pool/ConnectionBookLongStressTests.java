package io.github.httppool.hc5.pool;

import org.junit.jupiter.api.Tag;

/**
 * The tests of {@link ConnectionBookStressTests} with many calls. The system property
 * {@code http-pool.calls} sets their number.
 */
@Tag("slow")
class ConnectionBookLongStressTests extends ConnectionBookStressTests {

	@Override
	int calls() {
		return Integer.getInteger("http-pool.calls", 4000);
	}

}
