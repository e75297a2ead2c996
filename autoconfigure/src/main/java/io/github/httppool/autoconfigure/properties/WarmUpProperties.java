package io.github.httppool.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

/**
 * Properties of connections that are opened at startup.
 *
 * @since 0.1.0
 */
public class WarmUpProperties {

	/**
	 * Scheme, host and port of the route. Other parts of the address are ignored, and no
	 * request is sent.
	 */
	private @Nullable String uri;

	/**
	 * Number of connections to open at startup.
	 */
	private @Nullable Integer connections;

	public @Nullable String getUri() {
		return this.uri;
	}

	public void setUri(@Nullable String uri) {
		this.uri = uri;
	}

	public @Nullable Integer getConnections() {
		return this.connections;
	}

	public void setConnections(@Nullable Integer connections) {
		this.connections = connections;
	}

}
