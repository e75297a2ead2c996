package io.github.httppool.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import org.awaitility.Awaitility;

/**
 * The nginx of the machine, on a port of the loopback interface. Where it is not
 * installed tests are skipped with a message; in CI they fail.
 */
public final class Nginx implements AutoCloseable {

	private final LocalServer server;

	private final Process process;

	private final boolean tls;

	private Nginx(LocalServer server, Process process, boolean tls) {
		this.server = server;
		this.process = process;
		this.tls = tls;
	}

	/**
	 * Start a server.
	 * @param http directives of the {@code http} block
	 * @param server directives of the {@code server} block
	 */
	public static Nginx start(String http, String server) throws IOException {
		return start(http, server, null);
	}

	/**
	 * Start a server with TLS and the certificate {@link TestCertificates#localhost()}.
	 * @param protocol such as {@code TLSv1.2}
	 * @param http directives of the {@code http} block
	 * @param server directives of the {@code server} block
	 */
	public static Nginx tls(String protocol, String http, String server) throws IOException {
		return start(http, server, protocol);
	}

	private static Nginx start(String http, String server, String protocol) throws IOException {
		Process[] process = new Process[1];
		LocalServer started = LocalServer.start(Program.NGINX, (local) -> {
			String listen = "listen 127.0.0.1:" + local.port() + ((protocol != null) ? " ssl;" : ";");
			local.write("nginx.conf", configuration(http, listen + tls(local, protocol) + server));
			process[0] = local.run("-p", ".", "-c", "nginx.conf", "-e", "error.log");
			return process[0];
		});
		return new Nginx(started, process[0], protocol != null);
	}

	private static byte[] configuration(String http, String server) {
		return """
				daemon off;
				pid nginx.pid;
				error_log error.log;
				worker_processes 1;
				events { worker_connections 512; }
				http {
					access_log off;
					client_body_temp_path body;
					proxy_temp_path proxy;
					fastcgi_temp_path fastcgi;
					uwsgi_temp_path uwsgi;
					scgi_temp_path scgi;
					root www;
					%s
					server {
						%s
					}
				}
				""".formatted(http, server).getBytes(StandardCharsets.UTF_8);
	}

	private static String tls(LocalServer server, String protocol) throws IOException {
		if (protocol == null) {
			return "";
		}
		TestCertificates certificates = TestCertificates.localhost();
		server.write("certificate.pem", certificates.certificatePem().getBytes(StandardCharsets.US_ASCII));
		server.write("key.pem", certificates.keyPem().getBytes(StandardCharsets.US_ASCII));
		return "ssl_certificate certificate.pem; ssl_certificate_key key.pem; ssl_protocols " + protocol + ";";
	}

	/**
	 * Let a file be served at its name.
	 */
	public Nginx publish(String name, byte[] content) throws IOException {
		this.server.write("www/" + name, content);
		return this;
	}

	/**
	 * Let new workers take over, as an operator does to change the configuration, and
	 * wait until they are there. The old ones close their idle connections, end what they
	 * have begun, and go.
	 */
	public void reload() throws IOException {
		Set<Long> before = workers();
		this.server.runToEnd("-p", ".", "-c", "nginx.conf", "-e", "error.log", "-s", "reload");
		Awaitility.await("new workers")
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(10))
			.until(() -> !before.containsAll(workers()));
	}

	private Set<Long> workers() {
		return this.process.children().map(ProcessHandle::pid).collect(Collectors.toSet());
	}

	public String url() {
		return (this.tls ? "https" : "http") + "://127.0.0.1:" + this.server.port();
	}

	@Override
	public void close() {
		this.server.close();
	}

}
