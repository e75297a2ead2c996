package io.github.httppool.runbook;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolListener;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.HttpPools;
import io.github.httppool.findings.LocalPorts;
import io.github.httppool.testing.SampledPool;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/**
 * A web application with endpoint and meters for a pool that watches itself often.
 */
final class NightApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final OnePool pools;

	NightApplication(Consumer<HttpPoolSettings.Builder> settings, @Nullable Supplier<LocalPorts> ports) {
		SpringApplication application = new SpringApplication(Beans.class);
		application.addInitializers((context) -> ((GenericApplicationContext) context).registerBean("httpPools",
				OnePool.class, () -> new OnePool(SampledPool.with(settings, SampledPool.Resolver.LOCAL, ports,
						context.getBeanProvider(HttpPoolListener.class).stream().toArray(HttpPoolListener[]::new)))));
		this.context = application.run("--server.port=0",
				"--management.endpoints.web.exposure.include=httppool,prometheus,threaddump",
				"--management.endpoint.httppool.access=unrestricted", "--management.metrics.enable.all=false",
				"--management.metrics.enable.http.pool=true");
		this.pools = this.context.getBean(OnePool.class);
	}

	SampledPool pool() {
		return this.pools.sampled;
	}

	int port() {
		return ((WebServerApplicationContext) this.context).getWebServer().getPort();
	}

	@Override
	public void close() {
		this.context.close();
		this.pools.sampled.close();
	}

	/**
	 * The pools of the application.
	 *
	 * @param sampled the only one
	 */
	private record OnePool(SampledPool sampled) implements HttpPools {

		@Override
		public Optional<HttpPool> find(String name) {
			return all().stream().filter((pool) -> pool.name().equals(name)).findFirst();
		}

		@Override
		public List<HttpPool> all() {
			return List.of(this.sampled.pool());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Beans {

	}

}
