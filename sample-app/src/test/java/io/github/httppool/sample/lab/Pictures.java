package io.github.httppool.sample.lab;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import javax.imageio.ImageIO;

import io.github.httppool.sample.SampleApplication;
import io.github.httppool.testing.Browser;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Makes the pictures of {@code docs/pictures}, in light and in dark: the lab after an
 * experiment, and the page of a pool with traffic, callers that wait, and a finding. Not
 * part of the build; {@code docs/pictures/README.md} has the command.
 */
@SpringBootTest(classes = SampleApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
		"sample.upstream.port=0", "http-pool.max-per-route=20", "http-pool.leak-detection-threshold=10s" })
class Pictures {

	private static final Path FOLDER = Path.of("../docs/pictures");

	private static final int WIDTH = 1120;

	private static final int MOST_HEIGHT = 1250;

	private static final int MOST_BYTES = 80 * 1024;

	private static Browser browser;

	@LocalServerPort
	private int port;

	private volatile boolean done;

	@BeforeAll
	static void start() throws IOException {
		browser = Browser.start();
		browser.devTools("Emulation.setScrollbarsHidden", Map.of("hidden", true));
		Files.createDirectories(FOLDER);
	}

	@AfterAll
	static void close() {
		if (browser != null) {
			browser.close();
		}
	}

	@Test
	void lab() throws IOException {
		browser.size(WIDTH, 900);
		browser.open(here("/#unread-bodies"));
		await(".start", "Start");
		// The second run: the first one is the JVM's.
		for (String label : new String[] { "Start", "Start again" }) {
			await(".start", label);
			browser.click(".start");
			await(".status", "Running.");
			await(".status", "Finished.");
		}
		browser.run("document.activeElement.blur()");
		save("lab");
	}

	@Test
	void page() throws IOException {
		CompletableFuture<Void> traffic = CompletableFuture.runAsync(this::makeTraffic);
		browser.size(WIDTH, 900);
		browser.open(here("/actuator/httppool"));
		await("body", "POOL_TOO_SMALL");
		// Long enough for the charts to show something.
		Awaitility.await().pollDelay(Duration.ofSeconds(45)).atMost(Duration.ofSeconds(50)).until(() -> true);
		save("page");
		this.done = true;
		traffic.join();
	}

	private void makeTraffic() {
		RestTestClient client = RestTestClient.bindToServer().baseUrl(here("")).build();
		for (int round = 0; !this.done; round++) {
			String load = (round % 3 == 2) ? "count=400&concurrency=4&delay=20"
					: "count=2500&concurrency=32&delay=20&body=ignore&missing=true";
			client.post().uri("/calls?" + load).exchange().expectStatus().isOk();
		}
	}

	private void save(String name) throws IOException {
		Number height = browser.run("return document.documentElement.scrollHeight");
		browser.size(WIDTH, Math.min(MOST_HEIGHT, height.intValue()));
		browser.run("window.scrollTo(0, 0)");
		for (boolean dark : new boolean[] { false, true }) {
			browser.dark(dark);
			Path file = FOLDER.resolve(name + (dark ? "-dark" : "-light") + ".png");
			browser.screenshot(file);
			BufferedImage picture = ImageIO.read(file.toFile());
			Files.write(file, IndexedPng.encode(picture));
			System.out.println(file + ": " + Files.size(file) + " bytes");
			assertThat(Files.size(file)).as(file.toString()).isLessThan(MOST_BYTES);
		}
		browser.dark(false);
	}

	private String here(String path) {
		return "http://127.0.0.1:" + this.port + path;
	}

	private static void await(String selector, String text) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> browser.text(selector), (actual) -> actual.contains(text));
	}

}
