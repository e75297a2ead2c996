package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Java's default TLS. Created with the first connection that needs it, because reading
 * Java's certificates takes longer than the rest of pool creation. If a system property
 * names other certificates, they are read at once, so that mistakes are reported at
 * startup.
 */
public final class SystemTls implements TlsSocketStrategy {

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable TlsSocketStrategy strategy;

	public SystemTls() {
		if (System.getProperty("javax.net.ssl.trustStore") != null
				|| System.getProperty("javax.net.ssl.keyStore") != null) {
			this.strategy = DefaultClientTlsStrategy.createSystemDefault();
		}
	}

	@Override
	public SSLSocket upgrade(Socket socket, String target, int port, @Nullable Object attachment, HttpContext context)
			throws IOException {
		TlsSocketStrategy strategy = this.strategy;
		return ((strategy != null) ? strategy : create()).upgrade(socket, target, port, attachment, context);
	}

	private TlsSocketStrategy create() throws SSLException {
		this.lock.lock();
		try {
			TlsSocketStrategy strategy = this.strategy;
			if (strategy == null) {
				strategy = DefaultClientTlsStrategy.createSystemDefault();
				this.strategy = strategy;
			}
			return strategy;
		}
		catch (IllegalStateException ex) {
			throw new SSLException("Java's default TLS cannot be set up: " + Exceptions.messageOrType(ex), ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns whether any connection has needed TLS.
	 */
	boolean isCreated() {
		return this.strategy != null;
	}

}
