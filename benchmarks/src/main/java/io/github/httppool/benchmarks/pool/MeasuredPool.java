package io.github.httppool.benchmarks.pool;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.HttpClientPool;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;

/**
 * Pools as HttpClient sees them.
 */
public enum MeasuredPool {

	/** HttpClient's own. */
	TUNED {
		@Override
		HttpClientConnectionManager open() {
			return PoolingHttpClientConnectionManagerBuilder.create()
				.setMaxConnTotal(MAX_TOTAL)
				.setMaxConnPerRoute(MAX_PER_ROUTE)
				.build();
		}
	},

	/** The starter's. */
	HTTP_POOL {
		@Override
		HttpClientConnectionManager open() {
			HttpClientPool pool = new HttpClientPool("default",
					HttpPoolSettings.builder().maxTotal(MAX_TOTAL).maxPerRoute(MAX_PER_ROUTE).build(), List.of(),
					List.of(), null, null);
			AtomicReference<HttpClientBuilder> builder = new AtomicReference<>();
			pool.newHttpClient(builder::set);
			HttpClientConnectionManager connections = connectionsOf(builder.get());
			this.opened.put(connections, pool);
			return connections;
		}

		@Override
		void close(HttpClientConnectionManager connections) {
			this.opened.remove(connections).shutDown();
		}
	};

	private static final int MAX_PER_ROUTE = 100;

	/** Of 100 routes. */
	private static final int MAX_TOTAL = 100 * MAX_PER_ROUTE;

	final Map<HttpClientConnectionManager, HttpClientPool> opened = new ConcurrentHashMap<>();

	abstract HttpClientConnectionManager open();

	void close(HttpClientConnectionManager connections) throws IOException {
		connections.close();
	}

	/**
	 * The pool hands them to HttpClient's builder and to nobody else, and the builder
	 * does not give them away.
	 */
	private static HttpClientConnectionManager connectionsOf(HttpClientBuilder builder) {
		try {
			Field field = HttpClientBuilder.class.getDeclaredField("connManager");
			field.setAccessible(true);
			return (HttpClientConnectionManager) field.get(builder);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
