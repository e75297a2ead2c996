package io.github.httppool.autoconfigure;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.httppool.testing.ScriptedUpstream;

import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;

/**
 * What an application writes down while it is closed, with the upstream that it calls.
 */
final class ShutdownJournal implements AutoCloseable {

	private final CountDownLatch closing = new CountDownLatch(1);

	private final CountDownLatch lifecyclesStopped = new CountDownLatch(1);

	private final CountDownLatch streamsEnd = new CountDownLatch(1);

	private final List<String> entries = new CopyOnWriteArrayList<>();

	final ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
		switch (exchange.path()) {
			case "/stream" -> {
				exchange.head(200, "Transfer-Encoding: chunked");
				while (!this.streamsEnd.await(20, TimeUnit.MILLISECONDS)) {
					exchange.chunk("event\n".getBytes());
				}
				exchange.lastChunk();
			}
			case "/end" -> {
				this.streamsEnd.countDown();
				exchange.ok("hello");
			}
			case "/stalls" -> exchange.head(200, "Content-Length: 1000").sendRaw("a").stall();
			default -> exchange.after(Duration.ofMillis(10)).ok("hello");
		}
	});

	/**
	 * Make calls, one after the other, and write down how each ended.
	 */
	void call(String who, RestClient client, int calls) {
		for (int i = 1; i <= calls; i++) {
			write(who, client, "/" + i);
		}
	}

	void write(String who, RestClient client, String path) {
		String end;
		try {
			end = client.get().uri(this.upstream.uri(path)).retrieve().body(String.class);
		}
		catch (Throwable ex) {
			end = ex.toString();
		}
		this.entries.add(who + " " + path + ": " + end);
	}

	/**
	 * Open a response that the caller does not close.
	 */
	ClientHttpResponse open(RestClient client, String path) {
		return client.get().uri(this.upstream.uri(path)).exchange((request, response) -> response, false);
	}

	/**
	 * Read a stream to its end, and write down how it ended.
	 */
	void readStream(RestClient client) {
		try (ClientHttpResponse response = open(client, "/stream")) {
			response.getBody().transferTo(OutputStream.nullOutputStream());
			this.entries.add("stream ended");
		}
		catch (Exception ex) {
			this.entries.add("stream failed: " + ex);
		}
	}

	void closes() {
		this.closing.countDown();
	}

	void awaitClosing() {
		await(this.closing);
	}

	void lifecyclesAreStopped() {
		this.lifecyclesStopped.countDown();
	}

	/**
	 * Wait until all beans with a lifecycle are stopped, and the next ones are destroyed.
	 */
	void awaitDestruction() {
		await(this.lifecyclesStopped);
	}

	private static void await(CountDownLatch latch) {
		try {
			if (!latch.await(60, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The context was not closed");
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	List<String> entries() {
		return this.entries.stream().sorted().toList();
	}

	@Override
	public void close() {
		this.streamsEnd.countDown();
		this.upstream.close();
	}

}
