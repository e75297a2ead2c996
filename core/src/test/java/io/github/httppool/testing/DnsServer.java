package io.github.httppool.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A DNS server (RFC 1035) on port 53 of the loopback interface, which is free in a
 * {@link NetworkNamespace}. It does not answer for an unknown host until that host is
 * added; then it answers the pending queries as well.
 */
public final class DnsServer implements AutoCloseable {

	private static final int A = 1;

	private static final int AAAA = 28;

	private final DatagramSocket socket = new DatagramSocket(53, InetAddress.getByName("127.0.0.1"));

	private final Map<String, List<InetAddress>> hosts = new ConcurrentHashMap<>();

	private final List<Question> unanswered = new CopyOnWriteArrayList<>();

	public DnsServer() throws IOException {
		Thread thread = new Thread(this::serve, "dns-server");
		thread.setDaemon(true);
		thread.start();
	}

	public void add(String host, String... addresses) throws IOException {
		InetAddress[] parsed = new InetAddress[addresses.length];
		for (int i = 0; i < parsed.length; i++) {
			parsed[i] = InetAddress.getByName(addresses[i]);
		}
		this.hosts.put(host, List.of(parsed));
		for (Question question : this.unanswered) {
			if (question.host.equals(host) && this.unanswered.remove(question)) {
				answer(question);
			}
		}
	}

	/**
	 * Return how many questions for a host have no answer.
	 */
	public long unanswered(String host) {
		return this.unanswered.stream().filter((question) -> question.host.equals(host)).count();
	}

	private void serve() {
		DatagramPacket packet = new DatagramPacket(new byte[512], 512);
		try {
			while (true) {
				this.socket.receive(packet);
				Question question = new Question(packet);
				this.unanswered.add(question);
				if (this.hosts.containsKey(question.host) && this.unanswered.remove(question)) {
					answer(question);
				}
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void answer(Question question) throws IOException {
		List<InetAddress> addresses = this.hosts.get(question.host)
			.stream()
			.filter((address) -> question.type == ((address instanceof Inet6Address) ? AAAA : A))
			.toList();
		byte[] response = question.response(addresses);
		this.socket.send(new DatagramPacket(response, response.length, question.sender));
	}

	@Override
	public void close() {
		this.socket.close();
	}

	private static final class Question {

		private final SocketAddress sender;

		private final byte[] id;

		/** Name, type and class. */
		private final byte[] question;

		private final String host;

		private final int type;

		Question(DatagramPacket packet) {
			byte[] bytes = packet.getData();
			StringBuilder host = new StringBuilder();
			int at = 12;
			for (; bytes[at] != 0; at += bytes[at] + 1) {
				host.append(host.isEmpty() ? "" : ".")
					.append(new String(bytes, at + 1, bytes[at], StandardCharsets.US_ASCII));
			}
			this.sender = packet.getSocketAddress();
			this.id = new byte[] { bytes[0], bytes[1] };
			this.question = Arrays.copyOfRange(bytes, 12, at + 5);
			this.host = host.toString();
			this.type = bytes[at + 2] & 0xff;
		}

		byte[] response(List<InetAddress> addresses) throws IOException {
			ByteArrayOutputStream response = new ByteArrayOutputStream();
			DataOutputStream out = new DataOutputStream(response);
			out.write(this.id);
			// A response without error, recursion available.
			out.writeShort(0x8180);
			out.writeShort(1);
			out.writeShort(addresses.size());
			out.writeInt(0);
			out.write(this.question);
			for (InetAddress address : addresses) {
				// The name of the question.
				out.writeShort(0xc00c);
				out.writeShort(this.type);
				out.writeShort(1);
				out.writeInt(60);
				out.writeShort(address.getAddress().length);
				out.write(address.getAddress());
			}
			return response.toByteArray();
		}

	}

}
