package io.github.httppool.exceptions;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application that runs until it is closed. Situations of the same settings share one:
 * each has a server of its own, and so a route of its own.
 */
final class Application implements AutoCloseable {

	private static final Map<List<Object>, Application> SHARED = new ConcurrentHashMap<>();

	private final CompletableFuture<ConfigurableApplicationContext> started = new CompletableFuture<>();

	private final CountDownLatch over = new CountDownLatch(1);

	private final Thread thread;

	private Application(ApplicationContextRunner runner) {
		this.thread = new Thread(() -> {
			try {
				runner.run((started) -> {
					this.started.complete((ConfigurableApplicationContext) started.getSourceApplicationContext());
					this.over.await();
				});
			}
			catch (Throwable ex) {
				this.started.completeExceptionally(ex);
			}
		}, "application");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	static Application alone(ApplicationContextRunner runner) {
		return new Application(runner);
	}

	static Application shared(List<Object> settings, Supplier<ApplicationContextRunner> runner) {
		return SHARED.computeIfAbsent(settings, (key) -> new Application(runner.get()));
	}

	static void closeShared() throws InterruptedException {
		SHARED.values().forEach((application) -> application.over.countDown());
		for (Application application : SHARED.values()) {
			application.close();
		}
		SHARED.clear();
	}

	ConfigurableApplicationContext context() {
		return this.started.join();
	}

	@Override
	public void close() throws InterruptedException {
		this.over.countDown();
		this.thread.join();
	}

}
