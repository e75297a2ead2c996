package io.github.httppool.hc5;

import java.io.IOException;
import java.net.URI;

import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TunnelTests {

	@Test
	void aRequestThatBelongsIntoATunnelIsNeverSentToTheProxyItself() throws Exception {
		try (ScriptedUpstream proxy = ScriptedUpstream.plain((exchange) -> {
			exchange.head(200);
			if (exchange.method().equals("CONNECT")) {
				exchange.connection().startTls();
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> {
		}, (client) -> tunnelThatIsLostAtTheLastMoment(client, proxy))) {
			URI secret = URI.create("https://127.0.0.1:" + proxy.port() + "/secret");
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> pool.get(secret))
				.withMessageContaining("tunnel");
			assertThat(proxy.requests()).extracting(ScriptedUpstream.Request::method).containsOnly("CONNECT");
			assertThat(pool.leased()).isZero();
		}
	}

	private static void tunnelThatIsLostAtTheLastMoment(HttpClientBuilder client, ScriptedUpstream proxy) {
		client.setProxy(new HttpHost("http", "127.0.0.1", proxy.port()));
		client.addExecInterceptorLast("lost", (request, scope, chain) -> {
			scope.execRuntime.disconnectEndpoint();
			return chain.proceed(request, scope);
		});
	}

}
