package io.github.httppool.jvm;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;
import io.github.httppool.testing.TestCertificates;
import org.apache.hc.client5.http.protocol.HttpClientContext;

import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * Calls the same addresses with Spring Boot's client and with the pool's, in a JVM that
 * is set up in one way or another.
 */
public final class JvmSettingsApplication {

	private JvmSettingsApplication() {
	}

	/**
	 * Run it.
	 * @param arguments what to set up, as {@code name=value}, and the addresses
	 */
	public static void main(String[] arguments) throws Exception {
		String rewritten = null;
		List<String> uris = new ArrayList<>();
		for (String argument : arguments) {
			if (argument.startsWith("http")) {
				uris.add(argument);
			}
			else if (argument.startsWith("rewrite=")) {
				rewritten = argument.substring("rewrite=".length());
			}
			else {
				setUp(argument.substring(0, argument.indexOf('=')), argument.substring(argument.indexOf('=') + 1));
			}
		}
		String hosts = (rewritten != null) ? Files.readString(Path.of(rewritten)) : null;
		for (boolean pooled : new boolean[] { false, true }) {
			if (hosts != null) {
				Files.writeString(Path.of(rewritten), hosts);
			}
			System.out.println((pooled ? "pooled: " : "plain: ") + outcomes(pooled, uris, rewritten));
		}
	}

	private static void setUp(String name, String value) throws Exception {
		switch (name) {
			case "trust" -> SSLContext.setDefault(trusting(Path.of(value)));
			case "security" ->
				Security.setProperty(value.substring(0, value.indexOf(':')), value.substring(value.indexOf(':') + 1));
			case "impl" -> setSocketImplFactory();
			default -> throw new IllegalArgumentException(name);
		}
	}

	@SuppressWarnings("deprecation")
	private static void setSocketImplFactory() throws IOException {
		// The JDK makes a socket of its own for the first client.
		ClientHttpRequestFactoryBuilder.httpComponents().build();
		Socket.setSocketImplFactory(() -> {
			throw new IllegalStateException("asked for a socket");
		});
	}

	private static SSLContext trusting(Path store) throws Exception {
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(KeyStore.getInstance(store.toFile(), TestCertificates.PASSWORD.toCharArray()));
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context;
	}

	/**
	 * Make a default selector that names one proxy for all.
	 */
	static ProxySelector selector(Proxy.Type type, int port) {
		return new ProxySelector() {

			@Override
			public List<Proxy> select(URI uri) {
				boolean asked = type == Proxy.Type.SOCKS || !uri.getScheme().equals("socket");
				return List.of(asked ? new Proxy(type, new InetSocketAddress("127.0.0.1", port)) : Proxy.NO_PROXY);
			}

			@Override
			public void connectFailed(URI uri, SocketAddress address, IOException failure) {
			}

		};
	}

	static Authenticator authenticator() {
		return new Authenticator() {

			@Override
			protected PasswordAuthentication getPasswordAuthentication() {
				return new PasswordAuthentication("me", "secret".toCharArray());
			}

		};
	}

	/**
	 * Call each address twice, and say what comes of it.
	 */
	static List<String> outcomes(boolean pooled, List<String> uris, String rewritten) throws Exception {
		if (!pooled) {
			HttpComponentsClientHttpRequestFactory factory = ClientHttpRequestFactoryBuilder.httpComponents().build();
			try {
				return outcomes(factory, uris, rewritten);
			}
			finally {
				factory.destroy();
			}
		}
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
				HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
				HttpPoolAutoConfiguration.class)) {
			return outcomes(
					(HttpComponentsClientHttpRequestFactory) context.getBean(ClientHttpRequestFactoryBuilder.class)
						.build(),
					uris, rewritten);
		}
	}

	private static List<String> outcomes(HttpComponentsClientHttpRequestFactory factory, List<String> uris,
			String rewritten) throws IOException {
		RestClient client = RestClient.builder().requestFactory(factory).build();
		List<String> outcomes = new ArrayList<>();
		String connection = null;
		for (String uri : uris) {
			for (int i = 0; i < 2; i++) {
				HttpClientContext context = HttpClientContext.create();
				factory.setHttpContextFactory((method, same) -> context);
				String outcome;
				try {
					String[] answer = client.get().uri(URI.create(uri)).retrieve().body(String.class).split(" ", 2);
					outcome = (answer[0].equals(connection) ? "same" : "other") + " connection, " + answer[1];
					connection = answer[0];
					if (context.getSSLSession() != null) {
						outcome += ", " + context.getSSLSession().getProtocol() + ", "
								+ context.getSSLSession().getCipherSuite();
					}
				}
				catch (RuntimeException ex) {
					Throwable cause = (ex.getCause() != null) ? ex.getCause() : ex;
					outcome = cause.getClass().getSimpleName();
				}
				outcomes.add(outcome);
				if (rewritten != null) {
					Files.writeString(Path.of(rewritten), "127.0.0.1 nothing.test\n");
				}
			}
		}
		return outcomes;
	}

}
