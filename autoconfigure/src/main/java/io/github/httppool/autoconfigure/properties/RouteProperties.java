package io.github.httppool.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

/**
 * Properties of a single route.
 *
 * @since 0.1.0
 */
public class RouteProperties {

	/**
	 * Scheme, host and port of the route. Other parts of the address are ignored.
	 */
	private @Nullable String uri;

	/**
	 * Maximum number of connections to the route.
	 */
	private @Nullable Integer maxConnections;

	public @Nullable String getUri() {
		return this.uri;
	}

	public void setUri(@Nullable String uri) {
		this.uri = uri;
	}

	public @Nullable Integer getMaxConnections() {
		return this.maxConnections;
	}

	public void setMaxConnections(@Nullable Integer maxConnections) {
		this.maxConnections = maxConnections;
	}

	void inherit(@Nullable RouteProperties inherited) {
		if (inherited != null) {
			this.uri = (this.uri != null) ? this.uri : inherited.uri;
			this.maxConnections = (this.maxConnections != null) ? this.maxConnections : inherited.maxConnections;
		}
	}

}
