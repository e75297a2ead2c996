package io.github.httppool.autoconfigure.properties;

import java.net.Socket;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * Replaces an SSL bundle in a context without SSL bundles, such as a test slice: the
 * context starts, and only a TLS connection fails.
 */
public final class AbsentBundle implements SslBundle, TlsSocketStrategy {

	private final String name;

	AbsentBundle(String name) {
		this.name = name;
	}

	@Override
	public SSLSocket upgrade(Socket socket, String target, int port, @Nullable Object attachment, HttpContext context)
			throws SSLException {
		throw new SSLException("Cannot open a TLS connection to " + target + ":" + port + ": " + message());
	}

	private String message() {
		return "the pool uses the SSL bundle '" + this.name + "' (ssl-bundle), but this application context has no "
				+ "SSL bundles. In a test slice, add @ImportAutoConfiguration(SslAutoConfiguration.class)";
	}

	@Override
	public SslStoreBundle getStores() {
		throw new IllegalStateException(message());
	}

	@Override
	public SslBundleKey getKey() {
		throw new IllegalStateException(message());
	}

	@Override
	public SslOptions getOptions() {
		throw new IllegalStateException(message());
	}

	@Override
	public String getProtocol() {
		throw new IllegalStateException(message());
	}

	@Override
	public SslManagerBundle getManagers() {
		throw new IllegalStateException(message());
	}

}
