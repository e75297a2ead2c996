package io.github.httppool.hc5.net;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLSession;

import io.github.httppool.HttpPoolListener;
import io.github.httppool.LeaseInfo;
import io.github.httppool.TlsInfo;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsResumption}, with the handshakes of this JDK.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsResumptionTests {

	private final List<TlsInfo> handshakes = new CopyOnWriteArrayList<>();

	private final HttpPoolListener listener = new HttpPoolListener() {

		@Override
		public void tlsEnded(LeaseInfo lease, @Nullable TlsInfo tls, long tookNanos, @Nullable Exception failure) {
			if (tls != null) {
				TlsResumptionTests.this.handshakes.add(tls);
			}
		}

	};

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
	void everyHandshakeAfterTheFirstResumesItsSession(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> exchange.ok("x"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.keepAlive(false), this.listener)) {
			upstream.resumeSessions();
			for (int i = 0; i < 4; i++) {
				pool.get(upstream.uri("/"));
			}
			assertThat(this.handshakes).extracting(TlsInfo::resumed).containsExactly(false, true, true, true);
			assertThat(this.handshakes).extracting(TlsInfo::protocol)
				.containsOnly((transport == Transport.TLS_1_2) ? "TLSv1.2" : "TLSv1.3");
			assertThat(this.handshakes.get(0).cipherSuite()).startsWith("TLS_");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
	void serverThatHasForgottenItsSessionsResumesNone(Transport transport) throws Exception {
		try (ScriptedUpstream upstream = transport.start((exchange) -> exchange.ok("x"));
				PoolFixture pool = PoolFixture.with((settings) -> settings.keepAlive(false), this.listener)) {
			for (int i = 0; i < 3; i++) {
				upstream.resumeSessions();
				pool.get(upstream.uri("/"));
			}
			assertThat(this.handshakes).extracting(TlsInfo::resumed).containsExactly(false, false, false);
		}
	}

	@Test
	void providerWithoutSessionValuesCountsAsNotResuming() {
		SSLSession without = (SSLSession) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { SSLSession.class }, (proxy, method, arguments) -> {
					throw new UnsupportedOperationException();
				});
		assertThat(TlsResumption.isResumed(without)).isFalse();
	}

}
