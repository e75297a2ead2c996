package io.github.httppool.hc5.net;

import java.net.Socket;

import javax.net.ssl.SSLException;

import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests of TLS by Java's default, which trusts no certificate of a test.
 */
class SystemTlsTests {

	@Test
	void contextIsCreatedForTheFirstConnectionThatNeedsIt() throws Exception {
		SystemTls tls = new SystemTls();
		assertThat(tls.isCreated()).isFalse();
		try (ScriptedUpstream upstream = ScriptedUpstream.tls((exchange) -> exchange.ok("hello"));
				Socket socket = new Socket("127.0.0.1", upstream.port())) {
			assertThatExceptionOfType(SSLException.class)
				.isThrownBy(() -> tls.upgrade(socket, "localhost", upstream.port(), null, HttpCoreContext.create()));
		}
		assertThat(tls.isCreated()).isTrue();
	}

	@Test
	void contextIsCreatedAtOnceIfAPropertyNamesATrustStore() {
		String property = "javax.net.ssl.trustStore";
		String before = System.getProperty(property);
		System.setProperty(property, "/nowhere/trust.p12");
		try {
			Throwable failure = catchThrowable(() -> assertThat(new SystemTls().isCreated()).isTrue());
			// Java reuses its default context for the whole process.
			if (failure != null) {
				assertThat(failure).isInstanceOf(IllegalStateException.class);
			}
		}
		finally {
			if (before != null) {
				System.setProperty(property, before);
			}
			else {
				System.clearProperty(property);
			}
		}
	}

}
