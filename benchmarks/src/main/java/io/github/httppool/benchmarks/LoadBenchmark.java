package io.github.httppool.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * How many calls a Spring Boot application with the starter makes under full load, left
 * alone and while its endpoint is read and its meters are scraped every second, over
 * HTTP.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(16)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 4)
@Fork(1)
public class LoadBenchmark {

	@Param
	public Reading reading;

	private KeepAliveServer server;

	private ConfigurableApplicationContext context;

	private RestClient client;

	private URI uri;

	private Thread reader;

	private volatile boolean stopping;

	@Setup
	public void start() throws IOException {
		this.server = new KeepAliveServer(1024);
		this.uri = URI.create(this.server.url());
		this.context = new SpringApplication(Application.class).run("--server.port=0", "--spring.main.banner-mode=off",
				"--logging.level.root=warn", "--management.endpoints.web.exposure.include=httppool,prometheus");
		this.client = this.context.getBean("pooledRestClient", RestClient.class);
		if (this.reading == Reading.EACH_SECOND) {
			int port = ((WebServerApplicationContext) this.context).getWebServer().getPort();
			this.reader = new Thread(() -> read("http://127.0.0.1:" + port + "/actuator/"));
			this.reader.setDaemon(true);
			this.reader.start();
		}
	}

	private void read(String actuator) {
		RestClient client = RestClient.create();
		while (!this.stopping) {
			for (String endpoint : new String[] { "httppool", "prometheus" }) {
				String body = client.get().uri(actuator + endpoint).retrieve().body(String.class);
				if (body == null || !body.contains("pool")) {
					throw new IllegalStateException(endpoint + " shows no pool");
				}
			}
			try {
				Thread.sleep(1000);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	@Benchmark
	public byte[] call() {
		return this.client.get().uri(this.uri).retrieve().body(byte[].class);
	}

	@TearDown
	public void stop() {
		this.stopping = true;
		if (this.reader != null) {
			this.reader.interrupt();
		}
		this.context.close();
		this.server.close();
	}

	/**
	 * How often the application is looked at.
	 */
	public enum Reading {

		/** Not at all. */
		NEVER,

		/** Endpoint and scrape, each once a second. */
		EACH_SECOND

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
