package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.CloseReason;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.HaProxy;
import io.github.httppool.testing.Nginx;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RecordedEvents;
import io.github.httppool.testing.RequiresProgram;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Soon;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for servers whose configuration is reloaded while calls run.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerReloadTests {

	private static final int RELOADS = 8;

	private static final int CALLERS = 8;

	@Test
	@RequiresProgram(Program.NGINX)
	void reloadOfNginxFailsNoIdempotentCall() throws Exception {
		try (Nginx nginx = Nginx.start("", "location / { return 200 hello; }")) {
			assertNoFailure(URI.create(nginx.url()), nginx::reload);
		}
	}

	@Test
	@RequiresProgram(Program.NGINX)
	void reloadOfNginxWithTlsFailsNoIdempotentCall() throws Exception {
		try (Nginx nginx = Nginx.tls("TLSv1.3", "", "location / { return 200 hello; }")) {
			assertNoFailure(URI.create(nginx.url()), nginx::reload);
		}
	}

	@Test
	@RequiresProgram(Program.HAPROXY)
	void softStopOfHaProxyFailsNoIdempotentCall() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> exchange.ok("hello"));
				HaProxy proxy = HaProxy.start("", "server one 127.0.0.1:" + upstream.port())) {
			assertNoFailure(URI.create(proxy.url()), proxy::reload);
		}
	}

	/**
	 * Idle connections and busy ones, old ones and new ones must all be there when the
	 * server closes them.
	 */
	private static void assertNoFailure(URI uri, Reload reload) throws Exception {
		List<IOException> failures = new CopyOnWriteArrayList<>();
		AtomicInteger calls = new AtomicInteger();
		AtomicInteger reloads = new AtomicInteger();
		try (PoolFixture pool = PoolFixture.with((settings) -> settings.maxPerRoute(CALLERS));
				Crowd crowd = new Crowd(CALLERS + 1)) {
			crowd.all(1, (caller, time) -> {
				if (caller == CALLERS) {
					for (int i = 0; i < RELOADS; i++) {
						int next = calls.get() + 500;
						Soon.soon().until(() -> calls.get() >= next);
						reload.run();
						reloads.incrementAndGet();
					}
				}
				else {
					while (reloads.get() < RELOADS) {
						try {
							assertThat(pool.get(uri)).isEqualTo("hello");
						}
						catch (IOException ex) {
							failures.add(ex);
						}
						calls.incrementAndGet();
						if (calls.get() % 5 == 0) {
							// Lets connections be idle.
							Pause.ofMillis(1);
						}
					}
				}
			});
			PoolSnapshot snapshot = pool.snapshot();
			assertThat(failures).isEmpty();
			assertThat(snapshot.connections().leased()).isZero();
			assertThat(snapshot.totals().opened()).isGreaterThan(RELOADS);
			// With TLS also for unsolicited data, between the close notification and the
			// FIN.
			assertThat(snapshot.totals().closed()).containsKey(CloseReason.STALE).doesNotContainKey(CloseReason.ERROR);
			RecordedEvents.assertAccounted(snapshot);
		}
	}

	/**
	 * What an operator does.
	 */
	interface Reload {

		void run() throws Exception;

	}

}
