package io.github.httppool.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A SOCKS proxy whose answers a test writes. It connects every client that it accepts to
 * one server, regardless of the requested target.
 */
public final class SocksScript implements AutoCloseable {

	/** What most proxies answer to a request. */
	public static final byte[] GRANTED = { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 };

	private final ServerSocket server;

	private final Answers answers;

	private final int target;

	private final List<Socket> open = new CopyOnWriteArrayList<>();

	private final List<String> targets = new CopyOnWriteArrayList<>();

	private final List<String> logins = new CopyOnWriteArrayList<>();

	private SocksScript(int target, Answers answers) throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.target = target;
		this.answers = answers;
		start(this::accept);
	}

	/**
	 * Start a proxy.
	 * @param target the port that it connects its clients to
	 * @param answers its answers to a greeting and to a request
	 */
	public static SocksScript start(int target, Answers answers) throws IOException {
		return new SocksScript(target, answers);
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.server.accept();
			this.open.add(client);
			start(() -> serve(client));
		}
	}

	private void serve(Socket client) throws Exception {
		DataInputStream in = new DataInputStream(client.getInputStream());
		in.readByte();
		in.readNBytes(in.readUnsignedByte());
		byte[] method = this.answers.toGreeting(client);
		client.getOutputStream().write(method);
		if (method.length > 1 && method[1] == 2) {
			in.readByte();
			String username = text(in);
			this.logins.add(username + ":" + text(in));
			client.getOutputStream().write(new byte[] { 1, 0 });
		}
		in.readNBytes(3);
		int type = in.readByte();
		String host = (type == 3) ? text(in)
				: InetAddress.getByAddress(in.readNBytes((type == 1) ? 4 : 16)).getHostAddress();
		this.targets.add(host + ":" + in.readUnsignedShort());
		byte[] answer = this.answers.toRequest(client);
		client.getOutputStream().write(answer);
		if (answer.length > 1 && answer[1] == 0) {
			// Not through the SOCKS proxy of the JVM, which may be this one.
			Socket upstream = new Socket(Proxy.NO_PROXY);
			upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.target));
			this.open.add(upstream);
			start(() -> pass(client, upstream));
			pass(upstream, client);
		}
		else {
			client.shutdownOutput();
		}
	}

	private static void pass(Socket from, Socket to) throws IOException {
		try (from; to) {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		catch (SocketException ex) {
			// The other direction ended first.
		}
	}

	private static String text(DataInputStream in) throws IOException {
		return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (Exception ex) {
				// One of the ends is gone.
			}
		}, "socks");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Return what it was asked to connect to, as {@code host:port}.
	 */
	public List<String> targets() {
		return this.targets;
	}

	/**
	 * Return the logins, as {@code name:password}.
	 */
	public List<String> logins() {
		return this.logins;
	}

	public String url() {
		return "socks5://127.0.0.1:" + this.server.getLocalPort();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Socket socket : this.open) {
			socket.close();
		}
	}

	/**
	 * The answers of the proxy. May write to the client first.
	 */
	public interface Answers {

		byte[] toGreeting(Socket client) throws Exception;

		byte[] toRequest(Socket client) throws Exception;

		/**
		 * Make answers that are always the same.
		 */
		static Answers of(int method, byte[] answer) {
			return new Answers() {

				@Override
				public byte[] toGreeting(Socket client) {
					return new byte[] { 5, (byte) method };
				}

				@Override
				public byte[] toRequest(Socket client) {
					return answer;
				}

			};
		}

	}

	public interface Task {

		void run() throws Exception;

	}

}
