package io.github.httppool.actuate;

import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.httppool.HttpPool;
import io.github.httppool.PoolActivity;
import io.github.httppool.PoolEvent;
import io.github.httppool.PoolSample;
import io.github.httppool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The data of the page. One response contains all of it, so that the numbers are
 * consistent.
 *
 * @param instance identifies this instance of the application until it ends
 * @param application the name of the application, or {@code null}
 * @param time when the data was read, by the clock of the application
 * @param pool the only pool, or {@code null} for all
 * @param pools the pools by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PageDescriptor(String instance, @Nullable String application, Instant time, @Nullable String pool,
		Map<String, Pool> pools) implements OperationResponseBody {

	/** Maximum number per kind. Pools share it, so that a response stays small. */
	private static final int MOST_EVENTS = 50;

	private static final int LEAST = 5;

	static PageDescriptor of(String instance, @Nullable String application, @Nullable String pool,
			List<HttpPool> pools) {
		int routes = share(PoolDescriptor.MOST_ROUTES, pools.size());
		int events = share(MOST_EVENTS, pools.size());
		Map<String, Pool> descriptors = new LinkedHashMap<>();
		pools.forEach((each) -> descriptors.put(each.name(), Pool.of(each, routes, events)));
		return new PageDescriptor(instance, application, Instant.now(), pool, descriptors);
	}

	private static int share(int most, int pools) {
		return Math.max(LEAST, most / Math.max(1, pools));
	}

	/**
	 * One pool.
	 *
	 * @param now the description of the pool, as in the endpoint
	 * @param history the samples of the last two minutes, oldest first
	 * @param events the newest events of each kind, newest first
	 */
	record Pool(PoolDescriptor now, List<Sample> history, List<DetailDescriptor.Event> events) {

		static Pool of(HttpPool pool, int routes, int events) {
			return new Pool(PoolDescriptor.of(pool, routes), pool.history().stream().map(Sample::of).toList(),
					newest(pool.events(), events));
		}

		/** Frequent kinds of events do not displace others. */
		private static List<DetailDescriptor.Event> newest(List<PoolEvent> events, int most) {
			Map<PoolEvent.Type, Integer> counts = new EnumMap<>(PoolEvent.Type.class);
			return events.stream()
				.filter((event) -> counts.merge(event.type(), 1, Integer::sum) <= most)
				.map(DetailDescriptor.Event::of)
				.toList();
		}

	}

	/**
	 * A sample.
	 *
	 * @param time when the pool took it
	 * @param leased connections that callers held then
	 * @param idle open connections that no caller held
	 * @param pending callers that were waiting then
	 * @param spanMillis time since the previous sample; the following numbers cover this
	 * period
	 * @param calls leases granted
	 * @param opened connections opened
	 * @param reused leases of a connection that was already open
	 * @param closed connections closed
	 * @param waits callers that had to wait
	 * @param maxWaitMillis the longest of their waits
	 */
	record Sample(Instant time, int leased, int idle, int pending, long spanMillis, long calls, long opened,
			long reused, long closed, long waits, double maxWaitMillis) {

		static Sample of(PoolSample sample) {
			PoolSnapshot.Connections connections = sample.connections();
			PoolActivity activity = sample.activity();
			return new Sample(sample.time(), connections.leased(), connections.idle(), connections.pending(),
					activity.span().toMillis(), activity.calls(), activity.opened(), activity.reused(),
					activity.closed(), activity.waits(), Numbers.millis(activity.longestWait()));
		}

	}

}
