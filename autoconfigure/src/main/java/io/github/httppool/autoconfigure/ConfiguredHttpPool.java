package io.github.httppool.autoconfigure;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.httppool.Finding;
import io.github.httppool.HeldLease;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolActivity;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolLoad;
import io.github.httppool.PoolSample;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.hc5.HttpClientPool;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The public view of a configured pool in {@link io.github.httppool.HttpPools}. Reading
 * the view does not open the pool. Before the first use, the view shows the settings and
 * zero counts.
 */
final class ConfiguredHttpPool implements HttpPool {

	private final PoolVariants variants;

	private final Supplier<HttpClientPool> open;

	private final Instant since = Instant.ofEpochMilli(System.currentTimeMillis());

	ConfiguredHttpPool(PoolVariants variants, Supplier<HttpClientPool> open) {
		this.variants = variants;
		this.open = open;
	}

	private @Nullable HttpClientPool opened() {
		return this.variants.main();
	}

	@Override
	public String name() {
		return this.variants.configured.name();
	}

	@Override
	public HttpPoolSettings settings() {
		HttpClientPool opened = opened();
		return (opened != null) ? opened.settings() : this.variants.settings();
	}

	@Override
	public CloseableHttpClient newHttpClient(Consumer<HttpClientBuilder> customizer) {
		return this.open.get().newHttpClient(customizer);
	}

	@Override
	public PoolSnapshot snapshot() {
		HttpClientPool opened = opened();
		return (opened != null) ? opened.snapshot() : unused(this.variants.settings());
	}

	@Override
	public PoolSnapshot snapshot(int mostRoutes) {
		HttpClientPool opened = opened();
		return (opened != null) ? opened.snapshot(mostRoutes) : unused(this.variants.settings());
	}

	private PoolSnapshot unused(HttpPoolSettings settings) {
		return new PoolSnapshot(name(), this.since,
				new PoolSnapshot.Limits(settings.maxTotal(), settings.maxPerRoute(), settings.maxIdlePerRoute(),
						settings.maxPending()),
				PoolSnapshot.Connections.NONE, PoolActivity.NONE, PoolSnapshot.Totals.NONE, List.of(), 0);
	}

	@Override
	public PoolLoad load() {
		HttpClientPool opened = opened();
		return (opened != null) ? opened.load()
				: new PoolLoad(this.variants.settings().maxTotal(), List.of(), List.of());
	}

	@Override
	public List<PoolSample> history() {
		HttpClientPool opened = opened();
		return (opened != null) ? opened.history() : List.of();
	}

	@Override
	public List<HeldLease> leases() {
		HttpClientPool opened = opened();
		return (opened != null) ? opened.leases() : List.of();
	}

	@Override
	public List<Finding> findings() {
		HttpClientPool opened = opened();
		return (opened != null) ? opened.findings() : List.of();
	}

	@Override
	public List<PoolEvent> events() {
		HttpClientPool opened = opened();
		return (opened != null) ? opened.events() : List.of();
	}

	@Override
	public void resize(int maxTotal, int maxPerRoute) {
		this.open.get().resize(maxTotal, maxPerRoute);
	}

	@Override
	public List<String> change(HttpPoolSettings settings) {
		HttpClientPool opened = opened();
		return (opened != null) ? opened.change(settings) : List.copyOf(this.variants.change(settings));
	}

	@Override
	public void evict() {
		HttpClientPool opened = opened();
		if (opened != null) {
			opened.evict();
		}
	}

	@Override
	public String toString() {
		return "HTTP pool '" + name() + "'";
	}

}
