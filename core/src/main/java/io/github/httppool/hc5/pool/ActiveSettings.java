package io.github.httppool.hc5.pool;

import io.github.httppool.HttpPoolSettings;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a pool in the form that HttpClient requires. Replaced as a whole when the
 * settings change, so that changes are atomic.
 */
public final class ActiveSettings {

	public final HttpPoolSettings settings;

	public final Timeout acquireTimeout;

	public final Timeout responseTimeout;

	public final ConnectionConfig connectionConfig;

	public final TlsConfig tlsConfig;

	final HttpRequestExecutor requestExecutor;

	final long idleNanos;

	final long timeToLiveNanos;

	ActiveSettings(HttpPoolSettings settings) {
		this.settings = settings;
		this.acquireTimeout = Timeout.of(settings.acquireTimeout());
		this.responseTimeout = Timeout.of(settings.responseTimeout());
		// The pool does not use this value. It checks connections
		// before each lease itself.
		this.connectionConfig = ConnectionConfig.custom()
			.setConnectTimeout(Timeout.of(settings.connectTimeout()))
			.setSocketTimeout(this.responseTimeout)
			.setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
			.build();
		this.tlsConfig = TlsConfig.custom().setHandshakeTimeout(Timeout.of(settings.tlsHandshakeTimeout())).build();
		Http1Config http1 = Http1Config.custom()
			.setWaitForContinueTimeout(Timeout.of(settings.expectContinueTimeout()))
			.build();
		this.requestExecutor = new HttpRequestExecutor(http1, null, null);
		this.idleNanos = settings.keepAlive() ? settings.idleTimeout().toNanos() : 0;
		this.timeToLiveNanos = settings.timeToLive().toNanos();
	}

	/**
	 * Return how long a connection may be idle.
	 * @param keepAlive the time that the server allows, negative if it announces none, or
	 * {@code null} if the connection is not kept
	 */
	long idleNanos(@Nullable TimeValue keepAlive) {
		if (keepAlive == null) {
			return 0;
		}
		return TimeValue.isNonNegative(keepAlive) ? Math.min(this.idleNanos, keepAlive.toNanoseconds())
				: this.idleNanos;
	}

}
