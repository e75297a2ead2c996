package io.github.httppool.benchmarks.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * An HTTP/1.1 server that keeps its connections, answers requests without a body with
 * bytes that are ready, and allocates nothing for it, so that what is measured is the
 * client. Prints its ports, for each byte of its standard input how many connections it
 * has accepted, and ends with it.
 */
final class UpstreamServer {

	private static final int END_OF_HEAD = 0x0d0a0d0a;

	private static final int PATH = "GET /".length();

	private static final byte[] CHUNK = ("400\r\n" + "x".repeat(1024) + "\r\n").getBytes(StandardCharsets.US_ASCII);

	/** Written by one thread only. */
	private static volatile long accepted;

	private UpstreamServer() {
	}

	/**
	 * Serve.
	 * @param arguments how many further ports to open, for connections that are mostly
	 * idle, and the key store where TLS is to be spoken
	 * @throws Exception if there are no ports
	 */
	public static void main(String[] arguments) throws Exception {
		ServerSocketFactory sockets = (arguments.length > 1) ? tls(Path.of(arguments[1]))
				: ServerSocketFactory.getDefault();
		ServerSocket server = sockets.createServerSocket(0, 20_000, InetAddress.getLoopbackAddress());
		IdleServer idle = new IdleServer(Integer.parseInt(arguments[0]));
		System.out.println(server.getLocalPort() + idle.ports());
		start(() -> accept(server));
		start(idle);
		while (System.in.read() >= 0) {
			System.out.println(accepted);
		}
		System.exit(0);
	}

	private static ServerSocketFactory tls(Path keyStore) throws Exception {
		char[] password = Certificate.PASSWORD.toCharArray();
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(KeyStore.getInstance(keyStore.toFile(), password), password);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), null, null);
		return context.getServerSocketFactory();
	}

	private static void accept(ServerSocket server) {
		try {
			while (true) {
				Socket socket = server.accept();
				accepted++;
				socket.setTcpNoDelay(true);
				SERVING.execute(() -> serve(socket));
			}
		}
		catch (IOException ex) {
			System.exit(1);
		}
	}

	private static void serve(Socket socket) {
		byte[] buffer = new byte[2048];
		int have = 0;
		try (socket) {
			InputStream input = socket.getInputStream();
			OutputStream output = socket.getOutputStream();
			int lastFour = 0;
			for (int count = input.read(buffer, have, buffer.length - have); count >= 0; count = input.read(buffer,
					have, buffer.length - have)) {
				for (int i = have; i < have + count; i++) {
					lastFour = (lastFour << 8) | (buffer[i] & 0xff);
				}
				have += count;
				if (lastFour == END_OF_HEAD) {
					answer(answer(buffer), output);
					have = 0;
					lastFour = 0;
				}
			}
		}
		catch (IOException ex) {
			// The client is gone.
		}
	}

	private static Answer answer(byte[] request) {
		for (Answer answer : ANSWERS) {
			if (isNamed(answer.name(), request)) {
				return answer;
			}
		}
		return Answer.EMPTY;
	}

	private static boolean isNamed(String name, byte[] request) {
		for (int i = 0; i < name.length(); i++) {
			if (request[PATH + i] != name.charAt(i)) {
				return false;
			}
		}
		return request[PATH + name.length()] == ' ';
	}

	private static void answer(Answer answer, OutputStream output) throws IOException {
		delay(answer);
		output.write(answer.bytes());
		while (answer.isEndless()) {
			delay(answer);
			output.write(CHUNK);
		}
	}

	private static void delay(Answer answer) {
		if (answer.delayMillis() > 0) {
			LockSupport.parkNanos(answer.delayMillis() * 1_000_000L);
		}
	}

	private static final Answer[] ANSWERS = Answer.values();

	/**
	 * Clients that open a connection for each call shall not have to wait for threads.
	 */
	private static final ExecutorService SERVING = Executors.newCachedThreadPool(UpstreamServer::thread);

	private static void start(Runnable task) {
		thread(task).start();
	}

	private static Thread thread(Runnable task) {
		Thread thread = new Thread(null, task, "upstream", 64 * 1024);
		thread.setDaemon(true);
		return thread;
	}

}
