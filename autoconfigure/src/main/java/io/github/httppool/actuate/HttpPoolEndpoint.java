package io.github.httppool.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@link Endpoint @Endpoint} that shows the HTTP connection pools, and changes their
 * limits or evicts their connections. Read-only unless
 * {@code management.endpoint.httppool.access} is {@code unrestricted}. Thread-safe.
 *
 * @since 0.1.0
 */
@Endpoint(id = "httppool", defaultAccess = Access.READ_ONLY)
public class HttpPoolEndpoint {

	private final HttpPools pools;

	/**
	 * Create an endpoint.
	 * @param pools the pools to show
	 */
	public HttpPoolEndpoint(HttpPools pools) {
		this.pools = pools;
	}

	/**
	 * Show all pools.
	 * @return the pools by name
	 */
	@ReadOperation
	public PoolsDescriptor pools() {
		Map<String, PoolDescriptor> descriptors = new LinkedHashMap<>();
		for (HttpPool pool : this.pools.all()) {
			descriptors.put(pool.name(), PoolDescriptor.of(pool));
		}
		return new PoolsDescriptor(descriptors);
	}

	/**
	 * Show one pool.
	 * @param pool the name of the pool
	 * @return the pool, or {@code null} if there is none
	 */
	@ReadOperation
	public @Nullable PoolDescriptor pool(@Selector String pool) {
		return this.pools.find(pool).map(PoolDescriptor::of).orElse(null);
	}

	/**
	 * Show a detail of a pool.
	 * @param pool the name of the pool
	 * @param detail {@code events} for notable events, newest first, or {@code routes}
	 * @param route the only route to show, or {@code null} for all
	 * @return the description, or {@code null} if there is no such pool, detail or route
	 */
	@ReadOperation
	public @Nullable DetailDescriptor detail(@Selector String pool, @Selector String detail, @Nullable String route) {
		return this.pools.find(pool).map((found) -> switch (detail) {
			case "events" -> DetailDescriptor.events(found, route);
			case "routes" -> DetailDescriptor.routes(found, route);
			default -> null;
		}).orElse(null);
	}

	/**
	 * Change the limits of a pool now.
	 * @param pool the name of the pool
	 * @param maxTotal maximum number of connections of the pool, at least 1, or
	 * {@code null} to keep the limit
	 * @param maxPerRoute maximum number of connections per route, at least 1, or
	 * {@code null} to keep the limit
	 * @return the pool with its new limits, or status 404 if there is no such pool
	 * @throws InvalidEndpointRequestException if no limit is given or a limit is invalid,
	 * which results in status 400
	 */
	@WriteOperation
	public WebEndpointResponse<PoolDescriptor> resize(@Selector String pool, @Nullable Integer maxTotal,
			@Nullable Integer maxPerRoute) {
		Optional<HttpPool> found = this.pools.find(pool);
		if (found.isEmpty()) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		if (maxTotal == null && maxPerRoute == null) {
			throw invalid("Neither maxTotal nor maxPerRoute is given: send at least one of them");
		}
		PoolSnapshot.Limits limits = found.get().snapshot().limits();
		try {
			found.get()
				.resize((maxTotal != null) ? maxTotal : limits.maxTotal(),
						(maxPerRoute != null) ? maxPerRoute : limits.maxPerRoute());
		}
		catch (IllegalArgumentException ex) {
			throw invalid(String.valueOf(ex.getMessage()));
		}
		return new WebEndpointResponse<>(PoolDescriptor.of(found.get()));
	}

	private static InvalidEndpointRequestException invalid(String reason) {
		return new InvalidEndpointRequestException(reason, reason);
	}

	/**
	 * Close the idle connections of a pool now and the leased ones when they are
	 * released.
	 * @param pool the name of the pool
	 * @return status 204, or 404 if there is no such pool
	 */
	@DeleteOperation
	public WebEndpointResponse<Void> evict(@Selector String pool) {
		Optional<HttpPool> found = this.pools.find(pool);
		found.ifPresent(HttpPool::evict);
		return new WebEndpointResponse<>(
				found.isPresent() ? WebEndpointResponse.STATUS_NO_CONTENT : WebEndpointResponse.STATUS_NOT_FOUND);
	}

	/**
	 * JSON of the pools.
	 *
	 * @param pools the pools by name
	 * @since 0.1.0
	 */
	public record PoolsDescriptor(Map<String, PoolDescriptor> pools) implements OperationResponseBody {
	}

}
