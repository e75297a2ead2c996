package io.github.httppool.actuate;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.github.httppool.HttpPool;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * JSON of a detail of a pool: its events or its routes. Absent fields are {@code null}.
 *
 * @param events the notable events, newest first, or {@code null}
 * @param routeCount number of routes that the pool knows, or {@code null}
 * @param routes the routes, busiest first, at most 1,000, or {@code null}
 * @since 0.1.0
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({ "events", "routeCount", "routes" })
public record DetailDescriptor(@Nullable List<Event> events, @Nullable Integer routeCount,
		@Nullable List<RouteDescriptor> routes) implements OperationResponseBody {

	private static final int MOST_ROUTES = 1000;

	static DetailDescriptor events(HttpPool pool, @Nullable String route) {
		return new DetailDescriptor(pool.events()
			.stream()
			.filter((event) -> route == null || route.equals(event.route()))
			.map(Event::of)
			.toList(), null, null);
	}

	/**
	 * Describe the routes.
	 * @param route the only one to describe, or {@code null} for all
	 * @return the description, or {@code null} if there is no such route
	 */
	static @Nullable DetailDescriptor routes(HttpPool pool, @Nullable String route) {
		PoolSnapshot snapshot = pool.snapshot((route != null) ? Integer.MAX_VALUE : MOST_ROUTES);
		List<RouteDescriptor> routes = snapshot.routes()
			.stream()
			.filter((candidate) -> route == null || route.equals(candidate.route()))
			.map(RouteDescriptor::of)
			.toList();
		return (route == null || !routes.isEmpty()) ? new DetailDescriptor(null, snapshot.routeCount(), routes) : null;
	}

	/**
	 * JSON of an event, or of several similar events.
	 *
	 * @param time when the event, or the first of several, happened
	 * @param until when the last of several events happened, or {@code null} for one
	 * event
	 * @param type the kind of event
	 * @param route the route of the event, or {@code null} if it concerns the whole pool
	 * or several routes
	 * @param count number of events
	 * @param message the details
	 * @since 0.1.0
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	@JsonPropertyOrder({ "time", "until", "type", "route", "count", "message" })
	public record Event(Instant time, @Nullable Instant until, String type, @Nullable String route, long count,
			String message) {

		static Event of(PoolEvent event) {
			return new Event(event.time(), (event.count() != 1) ? event.until() : null, event.type().code(),
					event.route(), event.count(), event.message());
		}

	}

}
