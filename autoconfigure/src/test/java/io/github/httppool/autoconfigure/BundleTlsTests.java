package io.github.httppool.autoconfigure;

import java.net.Socket;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.autoconfigure.properties.NamedBundles;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for bundles that are replaced, without a connection.
 */
@Tag("waiting")
class BundleTlsTests {

	private final SslBundle first = bundle();

	private final SslBundle second = bundle();

	@Test
	void aBundleIsTakenOnce() {
		AtomicReference<SslBundle> current = new AtomicReference<>(this.first);
		List<SslBundle> used = new ArrayList<>();
		BundleTls tls = new BundleTls("default", "orders", current::get, (bundle) -> {
			used.add(bundle);
			return (socket, target, port, attachment, context) -> null;
		});
		assertThat(tls.reload()).isFalse();
		current.set(this.second);
		assertThat(tls.reload()).isTrue();
		assertThat(tls.reload()).as("told twice").isFalse();
		assertThat(used).containsExactly(this.first, this.second);
	}

	@Test
	void aBundleThatCannotBeUsedLeavesTheFormerOne() throws Exception {
		AtomicReference<SslBundle> current = new AtomicReference<>(this.first);
		List<SslBundle> used = new ArrayList<>();
		BundleTls tls = new BundleTls("default", "orders", current::get, (bundle) -> {
			if (bundle == this.second) {
				throw new IllegalStateException("broken");
			}
			return (socket, target, port, attachment, context) -> {
				used.add(bundle);
				return null;
			};
		});
		current.set(this.second);
		assertThat(tls.reload()).isFalse();
		tls.upgrade(new Socket(), "localhost", 443, null, HttpClientContext.create());
		assertThat(used).containsExactly(this.first);
		current.set(bundle());
		assertThat(tls.reload()).isTrue();
		current.set(null);
		assertThatNoException().as("even without a bundle").isThrownBy(tls::reload);
	}

	@Test
	void bundlesKeepTheirNamesAfterAReload() {
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("orders", this.first);
		NamedBundles names = new NamedBundles(registry);
		registry.updateBundle("orders", this.second);
		SslBundle late = bundle();
		registry.registerBundle("payments", late);
		registry.updateBundle("payments", bundle());
		assertThat(names.nameOf(this.first)).isEqualTo("orders");
		assertThat(names.nameOf(this.second)).isEqualTo("orders");
		assertThat(names.nameOf(late)).isEqualTo("payments");
		assertThat(names.nameOf(registry.getBundle("payments"))).isEqualTo("payments");
		assertThat(names.nameOf(bundle())).isNull();
		assertThat(new NamedBundles(null).nameOf(this.first)).isNull();
	}

	@Test
	void bundlesThatNobodyHoldsAreForgotten() {
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry("orders", bundle());
		NamedBundles names = new NamedBundles(registry);
		names.onReload("orders", () -> {
		});
		for (int reload = 0; reload < 100; reload++) {
			registry.updateBundle("orders", bundle());
		}
		Awaitility.await().untilAsserted(() -> {
			System.gc();
			registry.updateBundle("orders", bundle());
			assertThat(names).extracting("known").asInstanceOf(InstanceOfAssertFactories.LIST).hasSizeLessThan(50);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "RSA", "EC", "Ed25519" })
	void aKeyMustBelongToItsCertificate(String algorithm) throws Exception {
		KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
		KeyPair other = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
		assertThat(KeyPairCheck.isPair(pair.getPrivate(), pair.getPublic())).isTrue();
		assertThat(KeyPairCheck.isPair(pair.getPrivate(), other.getPublic())).isFalse();
		KeyPair alien = KeyPairGenerator.getInstance(algorithm.equals("RSA") ? "EC" : "RSA").generateKeyPair();
		assertThat(KeyPairCheck.isPair(pair.getPrivate(), alien.getPublic())).isFalse();
	}

	@Test
	void aBundleWithTheKeyOfAnotherCertificateIsRefused() throws Exception {
		KeyStore keys = load(TestCertificates.create("one"));
		assertThatNoException().isThrownBy(() -> KeyPairCheck.check(bundle(keys, null)));
		assertThatNoException().isThrownBy(() -> KeyPairCheck.check(bundle(null, null)));
		KeyStore mixed = KeyStore.getInstance("PKCS12");
		mixed.load(null, null);
		mixed.setKeyEntry("client", keys.getKey("test", TestCertificates.PASSWORD.toCharArray()), "other".toCharArray(),
				new Certificate[] { load(TestCertificates.create("two")).getCertificate("test") });
		assertThatIllegalStateException().isThrownBy(() -> KeyPairCheck.check(bundle(mixed, "other")))
			.withMessageContaining("'client'")
			.withMessageContaining("does not belong to its certificate");
		assertThatNoException().as("what cannot be read is not checked")
			.isThrownBy(() -> KeyPairCheck.check(bundle(mixed, "wrong")));
	}

	private static KeyStore load(TestCertificates certificates) throws Exception {
		return KeyStore.getInstance(certificates.keyStore().toFile(), TestCertificates.PASSWORD.toCharArray());
	}

	private static SslBundle bundle() {
		return SslBundle.of(null);
	}

	private static SslBundle bundle(KeyStore keys, String password) {
		return SslBundle.of(SslStoreBundle.of(keys, TestCertificates.PASSWORD, null),
				(password != null) ? SslBundleKey.of(password) : null);
	}

}
