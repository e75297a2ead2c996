package io.github.httppool.actuate;

import java.time.Instant;
import java.util.List;

import io.github.httppool.HttpPool;
import io.github.httppool.PoolEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of the remarkable events of a pool.
 *
 * @param events the last 100, newest first
 * @since 0.1.0
 */
public record EventsDescriptor(List<Event> events) implements OperationResponseBody {

	static EventsDescriptor of(HttpPool pool) {
		return new EventsDescriptor(pool.events().stream().map(Event::of).toList());
	}

	/**
	 * Description of an event.
	 *
	 * @param time when it happened
	 * @param type what happened
	 * @param route the route that it happened on, or {@code null} if it concerns the
	 * whole pool
	 * @param message the details
	 */
	public record Event(Instant time, String type, @Nullable String route, String message) {

		static Event of(PoolEvent event) {
			return new Event(event.time(), event.type().code(), event.route(), event.message());
		}

	}

}
