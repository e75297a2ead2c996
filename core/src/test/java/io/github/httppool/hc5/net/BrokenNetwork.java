package io.github.httppool.hc5.net;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.testing.Crowd;
import io.github.httppool.testing.DnsServer;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;

/**
 * The calls of {@link BrokenNetworkTests}, for a process in the network that it makes.
 */
final class BrokenNetwork {

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

	/** What counts as in time: the connect timeout, and what a busy machine takes. */
	private static final long IN_TIME = TimeUnit.SECONDS.toNanos(5);

	/** Longer than a busy machine takes for a connection. */
	private static final Duration FALLBACK_DELAY = Duration.ofSeconds(2);

	private static final String LIVE = "198.51.100.1";

	private final DnsServer dns;

	private final int port;

	private BrokenNetwork(DnsServer dns, int port) {
		this.dns = dns;
		this.port = port;
	}

	public static void main(String[] arguments) throws Exception {
		try (DnsServer dns = new DnsServer();
				ScriptedUpstream upstream = ScriptedUpstream.plainAt(LIVE, 0, (exchange) -> exchange.ok("hello"))) {
			dns.add("live.test", LIVE);
			dns.add("dual.test", "2001:db8::9", "2001:db8::8", LIVE);
			dns.add("dead.test", "2001:db8::7", "198.51.100.7");
			BrokenNetwork network = new BrokenNetwork(dns, upstream.port());
			network.callThroughThePool();
			network.callWhereIpv6IsBroken();
			network.callWithPlainHttpClient();
		}
		// A lookup of the JDK cannot be ended.
		System.exit(0);
	}

	private void callThroughThePool() throws Exception {
		try (PoolFixture pool = PoolFixture.with((settings) -> settings.connectTimeout(CONNECT_TIMEOUT))) {
			silent(pool, "silent DNS");
			silent(pool, "silent DNS, again");
			System.out.println("another host meanwhile: " + pool.get(uri("live.test")));
			// The JDK asks for both families.
			System.out.println("questions without an answer: " + this.dns.unanswered("silent.test"));
			this.dns.add("silent.test", LIVE);
			System.out.println("late answer: " + pool.get(uri("silent.test")));
			System.out.println("no address answers: " + inTime(IN_TIME, () -> pool.get(uri("dead.test"))));
			System.out.println("leased: " + pool.leased());
		}
	}

	private void callWhereIpv6IsBroken() throws Exception {
		try (PoolFixture pool = PoolFixture
			.with((settings) -> settings.connectTimeout(Duration.ofSeconds(10)).connectFallbackDelay(FALLBACK_DELAY))) {
			call(pool, "IPv6 is broken");
			pool.pool.evict();
			call(pool, "IPv6 is broken, next connection");
		}
	}

	private void call(PoolFixture pool, String what) throws Exception {
		long begun = System.nanoTime();
		String answer = pool.get(uri("dual.test"));
		boolean late = System.nanoTime() - begun >= FALLBACK_DELAY.toNanos();
		System.out.println(what + ": " + answer + (late ? " after the fallback delay" : " at once"));
	}

	private void silent(PoolFixture pool, String what) throws Exception {
		AtomicInteger inTime = new AtomicInteger();
		Set<Thread> threads = ConcurrentHashMap.newKeySet();
		Set<String> messages = ConcurrentHashMap.newKeySet();
		try (Crowd crowd = new Crowd(50)) {
			crowd.all(1, (caller, time) -> {
				long begun = System.nanoTime();
				try {
					pool.get(uri("silent.test"));
				}
				catch (Exception ex) {
					messages.add(String.valueOf(ex.getMessage()));
					inTime.addAndGet((System.nanoTime() - begun < IN_TIME) ? 1 : 0);
				}
				Thread.getAllStackTraces()
					.keySet()
					.stream()
					.filter((thread) -> thread.getName().endsWith("-dns"))
					.forEach(threads::add);
			});
		}
		System.out.println(what + ": " + inTime + " calls failed in time, " + threads.size() + " thread"
				+ ((threads.size() == 1) ? "" : "s"));
		messages.stream().limit(1).forEach((message) -> System.out.println(what + ": " + message));
	}

	private void callWithPlainHttpClient() throws Exception {
		try (CloseableHttpClient client = HttpClients.custom()
			.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
				.setDefaultConnectionConfig(
						ConnectionConfig.custom().setConnectTimeout(Timeout.of(Duration.ofSeconds(5))).build())
				.build())
			.build()) {
			System.out.println("plain HttpClient where IPv6 is broken: " + inTime(IN_TIME, () -> client
				.execute(new HttpGet(uri("dual.test")), (response) -> EntityUtils.toString(response.getEntity()))));
		}
	}

	private URI uri(String host) {
		return URI.create("http://" + host + ":" + this.port + "/");
	}

	/**
	 * Call, and describe when and how it ended.
	 */
	private static String inTime(long limit, Callable<?> call) {
		long begun = System.nanoTime();
		String how = "";
		try {
			call.call();
		}
		catch (Exception ex) {
			how = "failed ";
			System.out.println("no address answers: " + ex.getMessage());
		}
		return how + ((System.nanoTime() - begun < limit) ? "in time" : "not in time");
	}

}
