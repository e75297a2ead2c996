package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.net.Socket;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.net.ssl.SSLSocket;

import io.github.httppool.findings.MessageLines;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ssl.SslBundle;

/**
 * TLS with the current SSL bundle of a given name. Each bundle has its own SSL context
 * and sessions, so sessions established with previous keys are never resumed.
 */
final class BundleTls implements TlsSocketStrategy {

	private static final Logger log = LoggerFactory.getLogger(BundleTls.class);

	private final String pool;

	private final String name;

	private final Supplier<SslBundle> bundles;

	private final Function<SslBundle, TlsSocketStrategy> factory;

	/**
	 * The last bundle that was tried, usable or not.
	 */
	private SslBundle tried;

	private volatile TlsSocketStrategy strategy;

	/**
	 * Create a strategy with the current bundle.
	 * @param pool the name of the pool
	 * @param name the name of the bundle
	 * @param bundles supplies the current bundle of this name
	 * @param factory creates the TLS strategy of a bundle
	 */
	BundleTls(String pool, String name, Supplier<SslBundle> bundles, Function<SslBundle, TlsSocketStrategy> factory) {
		this.pool = pool;
		this.name = name;
		this.bundles = bundles;
		this.factory = factory;
		this.tried = bundles.get();
		this.strategy = factory.apply(this.tried);
	}

	/**
	 * Switch to the current bundle if it has changed and is usable. Reads the bundle
	 * again, because notifications of concurrent reloads may arrive in any order.
	 * @return whether new connections use another bundle
	 */
	synchronized boolean reload() {
		try {
			SslBundle bundle = this.bundles.get();
			if (bundle == this.tried) {
				return false;
			}
			this.tried = bundle;
			KeyPairCheck.check(bundle);
			this.strategy = this.factory.apply(bundle);
		}
		catch (RuntimeException ex) {
			log.warn(MessageLines
				.of(("SSL bundle '%s' was reloaded and cannot be used: pool '%s' keeps the previous one "
						+ "until a reload brings one that can be used")
					.formatted(this.name, this.pool)), ex);
			return false;
		}
		log.info(MessageLines.of(("SSL bundle '%s' was reloaded: pool '%s' opens connections with it from now on. "
				+ "Idle ones are closed now, leased ones when they are released")
			.formatted(this.name, this.pool)));
		return true;
	}

	@Override
	public SSLSocket upgrade(Socket socket, String target, int port, @Nullable Object attachment, HttpContext context)
			throws IOException {
		return this.strategy.upgrade(socket, target, port, attachment, context);
	}

}
