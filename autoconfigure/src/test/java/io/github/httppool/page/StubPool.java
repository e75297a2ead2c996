package io.github.httppool.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.HeldLease;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPoolSettings;
import io.github.httppool.PoolActivity;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolLoad;
import io.github.httppool.PoolSample;
import io.github.httppool.PoolSnapshot;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/**
 * A pool that shows what a test wants it to show.
 */
final class StubPool implements HttpPool {

	final List<Finding> findings = new ArrayList<>();

	final List<PoolSnapshot.Route> routes = new ArrayList<>();

	final List<HeldLease> leases = new ArrayList<>();

	final List<PoolEvent> events = new ArrayList<>();

	Supplier<List<PoolSample>> history = List::of;

	private final String name;

	Instant since = Instant.now().minusSeconds(60);

	long calls = 1;

	StubPool(String name) {
		this.name = name;
	}

	StubPool route(String route, int leased, long calls) {
		this.routes.add(
				new PoolSnapshot.Route(route, new PoolSnapshot.Connections(leased, 1, 0), 50,
						new PoolActivity(Duration.ofSeconds(120), calls, 0, calls, 0, 0, Duration.ZERO, Duration.ZERO),
						new PoolSnapshot.Totals(calls + 1, 1, calls, Map.of(CloseReason.STALE, 1L), Map.of(), 0, 0, 0,
								0),
						PoolSnapshot.Times.NONE, PoolSnapshot.Times.NONE, PoolSnapshot.Times.NONE,
						PoolSnapshot.Times.NONE, PoolSnapshot.Times.NONE));
		return this;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public PoolSnapshot snapshot() {
		return snapshot(Integer.MAX_VALUE);
	}

	@Override
	public PoolSnapshot snapshot(int mostRoutes) {
		return new PoolSnapshot(this.name, this.since, new PoolSnapshot.Limits(200, 50, 50, -1),
				new PoolSnapshot.Connections(3, 4, 0), PoolActivity.NONE,
				new PoolSnapshot.Totals(this.calls, 1, 2, Map.of(CloseReason.STALE, 1L), Map.of(), 0, 0, 0, 0),
				this.routes.subList(0, Math.min(mostRoutes, this.routes.size())), this.routes.size());
	}

	@Override
	public List<PoolSample> history() {
		return this.history.get();
	}

	@Override
	public List<HeldLease> leases() {
		return this.leases;
	}

	@Override
	public List<Finding> findings() {
		return List.copyOf(this.findings);
	}

	@Override
	public List<PoolEvent> events() {
		return List.copyOf(this.events);
	}

	@Override
	public HttpPoolSettings settings() {
		throw new UnsupportedOperationException();
	}

	@Override
	public CloseableHttpClient newHttpClient(Consumer<HttpClientBuilder> customizer) {
		throw new UnsupportedOperationException();
	}

	@Override
	public PoolLoad load() {
		return new PoolLoad(200, List.of(), List.of());
	}

	@Override
	public void resize(int maxTotal, int maxPerRoute) {
		throw new AssertionError("The page changes nothing");
	}

	@Override
	public List<String> change(HttpPoolSettings settings) {
		throw new AssertionError("The page changes nothing");
	}

	@Override
	public void evict() {
		throw new AssertionError("The page changes nothing");
	}

}
