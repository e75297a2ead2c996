package io.github.httppool.page;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import com.sun.management.OperatingSystemMXBean;
import io.github.httppool.testing.Browser;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.ScriptedUpstream;

import org.springframework.web.client.RestClient;

/**
 * Measures what a browser that watches the page costs a pool under full load: slices with
 * a page that polls and with a paused one take turns, so that both meet the same noise.
 * Not a test. With the class path of the tests:
 * {@code java -cp ... io.github.httppool.page.PageCost [pairs]}; {@code 0} measures only
 * what a request for the data costs. The browser runs on the same machine; start the
 * program with {@code nice} to keep it from the processors.
 */
final class PageCost {

	private static final int CALLERS = 16;

	private static final long SLICE = 2500;

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private final LongAdder calls = new LongAdder();

	private volatile boolean running = true;

	private PageCost() {
	}

	public static void main(String[] args) throws Exception {
		new PageCost().run((args.length != 0) ? Integer.parseInt(args[0]) : 30);
		System.exit(0);
	}

	private void run(int pairs) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok(new byte[512])).forgetful();
				PageApplication application = PageApplication.start("logging.level.root=WARN")) {
			for (int i = 0; i < CALLERS; i++) {
				Thread caller = new Thread(() -> call(application.client(), upstream.url() + "/orders"), "caller-" + i);
				caller.setDaemon(true);
				caller.start();
			}
			Pause.ofMillis(10_000);
			if (pairs != 0) {
				try (Browser browser = Browser.start()) {
					browser.open(application.page());
					Pause.ofMillis(5000);
					compare(browser, pairs);
				}
			}
			this.running = false;
			Pause.ofMillis(1000);
			costOfOneRequest(application.page() + "?page=data");
		}
	}

	private void compare(Browser browser, int pairs) throws Exception {
		List<Double> throughput = new ArrayList<>();
		List<Double> cpu = new ArrayList<>();
		for (int i = 0; i < pairs; i++) {
			Slice first = slice();
			browser.click("#pause");
			Slice second = slice();
			browser.click("#pause");
			throughput.add(first.calls / second.calls);
			cpu.add(first.cpuPerCall / second.cpuPerCall);
			System.out.printf("%s: %.0f and %.0f calls/s, %.1f and %.1f us of CPU a call%n", i + 1, first.calls,
					second.calls, first.cpuPerCall, second.cpuPerCall);
		}
		print("calls a second, watched / not watched", throughput);
		print("CPU of the application a call, watched / not watched", cpu);
	}

	private Slice slice() throws InterruptedException {
		// What is under way with the click is not of this slice.
		Pause.ofMillis(300);
		long calls = this.calls.sum();
		long cpu = SYSTEM.getProcessCpuTime();
		long begin = System.nanoTime();
		Pause.ofMillis(SLICE);
		double done = this.calls.sum() - calls;
		return new Slice(done * 1e9 / (System.nanoTime() - begin), (SYSTEM.getProcessCpuTime() - cpu) / 1e3 / done);
	}

	private static void costOfOneRequest(String url) throws IOException, InterruptedException {
		HttpClient client = HttpClient.newHttpClient();
		HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header("Accept", "application/json").build();
		int bytes = 0;
		for (int i = 0; i < 1000; i++) {
			bytes = client.send(request, HttpResponse.BodyHandlers.ofString()).body().length();
		}
		long cpu = SYSTEM.getProcessCpuTime();
		for (int i = 0; i < 1000; i++) {
			client.send(request, HttpResponse.BodyHandlers.discarding());
		}
		System.out.printf("one request for the data: %.0f us of CPU, client included; %s bytes%n",
				(SYSTEM.getProcessCpuTime() - cpu) / 1e3 / 1000, bytes);
	}

	private void call(RestClient client, String uri) {
		while (this.running) {
			client.get().uri(uri).retrieve().toBodilessEntity();
			this.calls.increment();
		}
	}

	private static void print(String what, List<Double> ratios) {
		Collections.sort(ratios);
		int size = ratios.size();
		System.out.printf("%s: median %.4f, quartiles %.4f and %.4f%n", what, ratios.get(size / 2),
				ratios.get(size / 4), ratios.get(size * 3 / 4));
	}

	private record Slice(double calls, double cpuPerCall) {
	}

}
