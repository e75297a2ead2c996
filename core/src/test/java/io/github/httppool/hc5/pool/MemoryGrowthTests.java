package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.github.httppool.AcquireTimeoutException;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that the memory of a pool does not grow with its calls.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryGrowthTests {

	private static final int LARGE = 32 * 1024 * 1024;

	/**
	 * The JDK copies through memory outside the heap, and keeps as much of it for each
	 * thread as its largest read or write needed.
	 */
	@Test
	void largeBuffersOfCallersTakeNoMemoryOutsideTheHeap() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok(new byte[LARGE]));
				PoolFixture fixture = PoolFixture.withDefaults()) {
			FutureTask<Long> grown = new FutureTask<>(() -> {
				long before = direct();
				HttpPost post = new HttpPost(upstream.uri("/"));
				post.setEntity(new ByteArrayEntity(new byte[LARGE], ContentType.APPLICATION_OCTET_STREAM));
				byte[] target = new byte[LARGE];
				try (CloseableHttpResponse response = fixture.open(post);
						InputStream content = response.getEntity().getContent()) {
					assertThat(content.readNBytes(target, 0, LARGE)).isEqualTo(LARGE);
				}
				return direct() - before;
			});
			Thread thread = new Thread(grown);
			thread.start();
			assertThat(grown.get()).isLessThan(1024 * 1024);
		}
	}

	private static long direct() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.filter((pool) -> pool.getName().equals("direct"))
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

	@Test
	void refusedCallersLeaveNothingBehind() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture fixture = PoolFixture.with((settings) -> settings.maxPerRoute(1).maxPending(0));
				CloseableHttpResponse held = fixture.open(new HttpGet(upstream.uri("/")))) {
			for (int i = 0; i < 5000; i++) {
				try {
					fixture.get(upstream.uri("/"));
				}
				catch (IOException ex) {
					// Refused.
				}
			}
			assertThat(firstAwaitedRoute(fixture)).isEmpty();
		}
	}

	/**
	 * Without idle connections there are no sweeps.
	 */
	@Test
	void routesThatNeverHadAnIdleConnectionAreForgotten() throws Exception {
		try (PoolFixture fixture = PoolFixture.with((settings) -> settings.keepAlive(false))) {
			ConnectionPool connections = (ConnectionPool) inside(fixture.pool, "connections");
			long longAgo = System.nanoTime() - TimeUnit.HOURS.toNanos(1);
			for (int i = 0; i < 1000; i++) {
				connections.route(new HttpRoute(new HttpHost("http", "host" + i + ".test", 80))).lastUsed = longAgo;
			}
			assertThat(fixture.snapshot().routes()).hasSizeLessThan(250);
		}
	}

	@Test
	void callersWhoseTimeIsOverLeaveNothingBehind() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				PoolFixture fixture = PoolFixture
					.with((settings) -> settings.maxPerRoute(1).acquireTimeout(Duration.ofMillis(1)));
				CloseableHttpResponse held = fixture.open(new HttpGet(upstream.uri("/")))) {
			for (int i = 0; i < 100; i++) {
				assertThatExceptionOfType(AcquireTimeoutException.class)
					.isThrownBy(() -> fixture.get(upstream.uri("/")));
			}
			assertThat(firstAwaitedRoute(fixture)).isEmpty();
		}
	}

	/**
	 * Returns the first of the routes on which the pool still lists waiting callers.
	 */
	private static Optional<Object> firstAwaitedRoute(PoolFixture fixture) {
		return Optional.ofNullable(inside(fixture.pool, "connections", "book", "pending", "firstRoute"));
	}

	private static @Nullable Object inside(Object target, String... fields) {
		Object current = target;
		for (String name : fields) {
			Field field = ReflectionUtils.findField(current.getClass(), name);
			field.setAccessible(true);
			current = ReflectionUtils.getField(field, current);
		}
		return current;
	}

}
