package io.github.httppool.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.httppool.Finding;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.hc5.observe.Sampling;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A pool and a client over it that needs seconds, not minutes, for its findings.
 */
public final class SampledPool implements AutoCloseable {

	/** How long a sample counts. */
	public static final Duration WINDOW = Duration.ofSeconds(3);

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private final PoolFixture fixture;

	private SampledPool(PoolFixture fixture) {
		this.fixture = fixture;
	}

	/**
	 * Create a pool.
	 * @param settings changes its settings
	 * @param resolver looks up the names that end with {@code .test}
	 * @param ports supplies the local ports, or {@code null} for those of the machine
	 * @param listeners the listeners that receive its events
	 */
	public static SampledPool with(Consumer<HttpPoolSettings.Builder> settings, Resolver resolver,
			@Nullable Supplier<LocalPorts> ports, HttpPoolListener... listeners) {
		Sampling sampling = Sampling.every(INTERVAL, WINDOW);
		HttpPoolCustomizer customizer = new HttpPoolCustomizer() {

			@Override
			public void customizeConnections(String pool, PoolingHttpClientConnectionManagerBuilder connections) {
				connections.setDnsResolver(new SystemDefaultDnsResolver() {

					@Override
					public InetAddress[] resolve(String host) throws UnknownHostException {
						return host.endsWith(".test") ? resolver.resolve(host) : super.resolve(host);
					}

				});
			}

		};
		return new SampledPool(PoolFixture.sampled((ports != null) ? sampling.withPorts(ports) : sampling, settings,
				customizer, listeners));
	}

	/**
	 * Return the pool itself.
	 */
	public HttpPool pool() {
		return this.fixture.pool;
	}

	public List<Finding> findings() {
		return this.fixture.pool.findings();
	}

	/**
	 * Get a URI and read the body.
	 */
	public String get(String uri) throws IOException {
		return this.fixture.get(URI.create(uri));
	}

	/**
	 * Get a URI and close the response unread.
	 */
	public void ignore(String uri) throws IOException {
		this.fixture.ignore(URI.create(uri));
	}

	/**
	 * Get a URI and return the open response.
	 */
	public CloseableHttpResponse open(String uri) throws IOException {
		return this.fixture.open(new HttpGet(uri));
	}

	/**
	 * Execute a request and read the body.
	 */
	public String read(ClassicHttpRequest request) throws IOException {
		return this.fixture.read(request);
	}

	public void resize(int maxTotal, int maxPerRoute) {
		this.fixture.pool.resize(maxTotal, maxPerRoute);
	}

	public void evict() {
		this.fixture.pool.evict();
	}

	@Override
	public void close() {
		this.fixture.close();
	}

	/**
	 * Looks up a host's addresses.
	 */
	@FunctionalInterface
	public interface Resolver {

		/** Resolves every name to this machine. */
		Resolver LOCAL = (host) -> new InetAddress[] { InetAddress.getByName("127.0.0.1") };

		InetAddress[] resolve(String host) throws UnknownHostException;

	}

}
