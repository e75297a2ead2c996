package io.github.httppool.autoconfigure;

import java.util.Objects;

import io.github.httppool.autoconfigure.properties.NamedBundles;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.ssl.SslBundle;

/**
 * Identifies the pool variant for a client's TLS settings and address filter. Named SSL
 * bundles are compared by name, so a reloaded bundle is the same key. Unnamed bundles and
 * filters are compared by identity, because they do not define equality.
 */
final class PoolKey {

	final @Nullable String bundleName;

	final @Nullable SslBundle unnamedBundle;

	final @Nullable Object filter;

	private PoolKey(@Nullable String bundleName, @Nullable SslBundle unnamedBundle, @Nullable Object filter) {
		this.bundleName = bundleName;
		this.unnamedBundle = unnamedBundle;
		this.filter = filter;
	}

	static PoolKey of(HttpClientSettings settings, NamedBundles bundles) {
		SslBundle bundle = settings.sslBundle();
		String bundleName = (bundle != null) ? bundles.nameOf(bundle) : null;
		return new PoolKey(bundleName, (bundleName != null) ? null : bundle,
				SettingsSinceBoot41.addressFilter(settings));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof PoolKey key && Objects.equals(this.bundleName, key.bundleName)
				&& this.unnamedBundle == key.unnamedBundle && this.filter == key.filter;
	}

	@Override
	public int hashCode() {
		return 31 * Objects.hashCode(this.bundleName) + 17 * System.identityHashCode(this.unnamedBundle)
				+ System.identityHashCode(this.filter);
	}

}
