package io.github.httppool.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

import org.springframework.util.FileSystemUtils;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The nginx of the machine, on a port of the loopback interface. Where it is not
 * installed tests are skipped with a message; in CI they fail.
 */
public final class Nginx implements AutoCloseable {

	private final Path folder;

	private final Process process;

	private final int port;

	private Nginx(Path folder, Process process, int port) {
		this.folder = folder;
		this.process = process;
		this.port = port;
	}

	/**
	 * Start a server.
	 * @param http directives of the {@code http} block
	 * @param server directives of the {@code server} block
	 */
	public static Nginx start(String http, String server) throws IOException {
		requireInstalled();
		Path folder = Files.createTempDirectory("nginx");
		int port = freePort();
		Files.writeString(folder.resolve("nginx.conf"), """
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
					%s
					server {
						listen 127.0.0.1:%d;
						%s
					}
				}
				""".formatted(http, port, server));
		Process process = new ProcessBuilder("nginx", "-p", folder.toString(), "-c", "nginx.conf", "-e", "error.log")
			.redirectErrorStream(true)
			.redirectOutput(folder.resolve("output").toFile())
			.start();
		Nginx nginx = new Nginx(folder, process, port);
		Awaitility.await("nginx answers").atMost(Duration.ofSeconds(10)).until(nginx::answers);
		return nginx;
	}

	private static void requireInstalled() {
		boolean installed = isInstalled();
		if (System.getenv("CI") != null && !installed) {
			throw new AssertionError("nginx is not installed, and in CI its tests must not be skipped");
		}
		assumeTrue(installed, "nginx is not installed: apt-get install nginx");
	}

	private static boolean isInstalled() {
		try {
			return new ProcessBuilder("nginx", "-v").start().waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private boolean answers() {
		if (!this.process.isAlive()) {
			throw new AssertionError("nginx ended: see " + this.folder);
		}
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), 200);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	public String url() {
		return "http://127.0.0.1:" + this.port;
	}

	@Override
	public void close() throws IOException {
		this.process.destroy();
		try {
			if (!this.process.waitFor(5, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
