package io.github.httppool.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;

/**
 * The HAProxy of the machine, on a port of the loopback interface. Where it is not
 * installed tests are skipped with a message; in CI they fail.
 */
public final class HaProxy implements AutoCloseable {

	private final LocalServer server;

	private Process process;

	private HaProxy(LocalServer server, Process process) {
		this.server = server;
		this.process = process;
	}

	/**
	 * Start a proxy.
	 * @param frontend lines of the frontend section
	 * @param backend lines of the backend section, such as
	 * {@code server one 127.0.0.1:8081}
	 */
	public static HaProxy start(String frontend, String backend) throws IOException {
		Process[] process = new Process[1];
		LocalServer started = LocalServer.start(Program.HAPROXY, (local) -> {
			local.write("haproxy.cfg", """
					global
						maxconn 256
					defaults
						mode http
						timeout connect 2s
						timeout client 10s
						timeout server 10s
					frontend front
						bind 127.0.0.1:%s
						http-request return status 200 content-type text/plain lf-string %%pid if { path /process }
						default_backend back
						%s
					backend back
						%s
					""".formatted(local.port(), frontend, backend).getBytes(StandardCharsets.UTF_8));
			process[0] = local.run("-db", "-f", "haproxy.cfg");
			return process[0];
		});
		return new HaProxy(started, process[0]);
	}

	/**
	 * Start a proxy that terminates TLS, with the certificate
	 * {@link TestCertificates#localhost()}, in front of a server of any protocol.
	 * @param port the server's port
	 */
	public static HaProxy tlsBefore(int port) throws IOException {
		Process[] process = new Process[1];
		LocalServer started = LocalServer.start(Program.HAPROXY, (local) -> {
			TestCertificates certificates = TestCertificates.localhost();
			local.write("both.pem",
					(certificates.certificatePem() + certificates.keyPem()).getBytes(StandardCharsets.US_ASCII));
			local.write("haproxy.cfg", """
					global
						maxconn 256
					defaults
						mode tcp
						timeout connect 2s
						timeout client 10s
						timeout server 10s
					listen front
						bind 127.0.0.1:%s ssl crt both.pem
						server behind 127.0.0.1:%s
					""".formatted(local.port(), port).getBytes(StandardCharsets.UTF_8));
			process[0] = local.run("-db", "-f", "haproxy.cfg");
			return process[0];
		});
		return new HaProxy(started, process[0]);
	}

	/**
	 * Let a new process take over, as an operator does to change the configuration, and
	 * wait until it answers. The old one stops softly.
	 */
	public void reload() throws IOException {
		this.process = this.server.run("-db", "-f", "haproxy.cfg", "-sf", Long.toString(this.process.pid()));
		String expected = "\r\n\r\n" + this.process.pid();
		Awaitility.await("the new process")
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(10))
			.ignoreExceptions()
			.until(() -> whoAnswers().endsWith(expected));
	}

	private String whoAnswers() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.server.port())) {
			OutputStream output = socket.getOutputStream();
			output.write("GET /process HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			output.flush();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

	public int port() {
		return this.server.port();
	}

	public String url() {
		return "http://127.0.0.1:" + this.server.port();
	}

	@Override
	public void close() {
		this.server.close();
	}

}
