package io.github.httppool.sample;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/**
 * Measures what calls cost, one run at a time: the numbers of two would mix.
 */
@Component
class CallMeasurement {

	private final Caller caller;

	private final HttpPools pools;

	private final Upstream upstream;

	private final Lock running = new ReentrantLock();

	CallMeasurement(Caller caller, HttpPools pools, Upstream upstream) {
		this.caller = caller;
		this.pools = pools;
		this.upstream = upstream;
	}

	CallReport measure(CallPlan plan) throws InterruptedException, ExecutionException {
		if (!this.running.tryLock()) {
			throw new ResponseStatusException(HttpStatus.CONFLICT,
					"Another run is under way and its numbers would mix with yours: try again when it is over");
		}
		try {
			ConnectionCount before = count();
			long start = System.nanoTime();
			List<Call> calls = this.caller.make(plan);
			long nanos = System.nanoTime() - start;
			return CallReport.of(calls, nanos, count().since(before));
		}
		finally {
			this.running.unlock();
		}
	}

	private ConnectionCount count() {
		return ConnectionCount.of(this.pools.get(HttpPool.DEFAULT_NAME).snapshot(), this.upstream);
	}

}
