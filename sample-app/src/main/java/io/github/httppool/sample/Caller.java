package io.github.httppool.sample;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * Calls the {@link Upstream} through the shared client.
 */
@Component
class Caller {

	private final RestClient restClient;

	private final Upstream upstream;

	Caller(RestClient restClient, Upstream upstream) {
		this.restClient = restClient;
		this.upstream = upstream;
	}

	/**
	 * Make all calls of a plan: each thread takes the next one until there is none left.
	 * @param plan the plan
	 * @return what came of each call
	 * @throws InterruptedException if interrupted while calls are under way
	 * @throws ExecutionException if a thread broke down
	 */
	List<Call> make(CallPlan plan) throws InterruptedException, ExecutionException {
		Call[] calls = new Call[plan.count()];
		AtomicInteger next = new AtomicInteger();
		Callable<Void> worker = () -> {
			for (int number = next.getAndIncrement(); number < calls.length; number = next.getAndIncrement()) {
				calls[number] = call(plan, number);
			}
			return null;
		};
		int threads = Math.min(plan.concurrency(), plan.count());
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			for (Future<Void> finished : executor.invokeAll(Collections.nCopies(threads, worker))) {
				finished.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
		return List.of(calls);
	}

	private Call call(CallPlan plan, int number) {
		long start = System.nanoTime();
		try {
			int status = this.restClient.get()
				.uri(this.upstream.uri() + "/{path}?bytes={bytes}&delay={delay}", plan.path(number), plan.bytes(),
						plan.delay())
				.exchangeForRequiredValue((request, response) -> plan.body().use(response));
			return new Call(status, System.nanoTime() - start, null);
		}
		catch (RestClientException | IllegalStateException ex) {
			return new Call(0, System.nanoTime() - start, String.valueOf(ex.getMessage()));
		}
	}

}
