package io.github.httppool.autoconfigure;

import java.util.function.BooleanSupplier;

import javax.net.ssl.SSLContext;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.autoconfigure.properties.AbsentBundle;
import io.github.httppool.autoconfigure.properties.NamedBundles;
import io.github.httppool.hc5.HttpClientPool;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Opens a pool with the TLS settings of its SSL bundle, and updates it when the bundle is
 * reloaded.
 */
final class PoolOpening {

	private final String name;

	private final PoolKey key;

	private final NamedBundles bundles;

	private final PoolCollaborators.Resolved collaborators;

	private final BooleanSupplier shutDown;

	/**
	 * Create the opening of a pool.
	 * @param name the name of the pool
	 * @param key the key of the pool variant
	 * @param bundles the SSL bundles
	 * @param collaborators the beans that the pool uses
	 * @param shutDown returns whether the pools are shut down
	 */
	PoolOpening(String name, PoolKey key, NamedBundles bundles, PoolCollaborators.Resolved collaborators,
			BooleanSupplier shutDown) {
		this.name = name;
		this.key = key;
		this.bundles = bundles;
		this.collaborators = collaborators;
		this.shutDown = shutDown;
	}

	/**
	 * Open the pool.
	 */
	HttpClientPool open(HttpPoolSettings settings) {
		String bundleName = this.key.bundleName;
		if (bundleName == null) {
			SslBundle bundle = this.key.unnamedBundle;
			return open(settings,
					(bundle != null) ? bundleStrategy(bundle) : this.collaborators.bootConnections().tlsStrategy(null));
		}
		BundleTls tls = new BundleTls(this.name, bundleName, () -> this.bundles.get(bundleName), this::bundleStrategy);
		HttpClientPool pool = open(settings, tls);
		Runnable reload = () -> {
			// Reload first, so that connections opened after the
			// eviction use the new bundle.
			if (!this.shutDown.getAsBoolean() && tls.reload()) {
				pool.evict();
			}
		};
		this.bundles.onReload(bundleName, reload);
		// The bundle may have been reloaded after it was read.
		reload.run();
		return pool;
	}

	private HttpClientPool open(HttpPoolSettings settings, @Nullable TlsSocketStrategy tlsStrategy) {
		return new HttpClientPool(this.name, settings, this.collaborators.listeners(), this.collaborators.customizers(),
				tlsStrategy, SettingsSinceBoot41.dnsFilter(this.key.filter), ObservationEvents.ifAvailable());
	}

	private TlsSocketStrategy bundleStrategy(SslBundle bundle) {
		if (bundle instanceof AbsentBundle absent) {
			return absent;
		}
		TlsSocketStrategy customized = this.collaborators.bootConnections().tlsStrategy(bundle);
		if (customized != null) {
			return customized;
		}
		SSLContext context = bundle.createSslContext();
		SslOptions options = bundle.getOptions();
		return new DefaultClientTlsStrategy(context, options.getEnabledProtocols(), options.getCiphers(), null,
				new DefaultHostnameVerifier());
	}

}
