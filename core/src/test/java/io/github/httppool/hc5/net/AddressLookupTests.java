package io.github.httppool.hc5.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class AddressLookupTests {

	private static final Timeout LIMIT = Timeout.ofMilliseconds(200);

	private final SharedLookups lookups = new SharedLookups("lookup");

	@AfterEach
	void endLookups() {
		this.lookups.shutDown();
	}

	@Test
	void aNameServerThatDoesNotAnswerBlocksNoCaller() {
		AddressLookup lookup = lookup(AddressLookupTests::waitForEver);
		long started = System.nanoTime();
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> lookup.addresses("slow.test", 80, LIMIT))
			.withMessageStartingWith("Its lookup has been running for ");
		assertThat(Duration.ofNanos(System.nanoTime() - started)).isBetween(Duration.ofMillis(190),
				Duration.ofSeconds(2));
	}

	@Test
	void lookupOfAResolverThatCallsThroughThePoolNeedsNoOtherThread() throws Exception {
		Thread[] asked = new Thread[2];
		AddressLookup[] lookup = new AddressLookup[1];
		lookup[0] = lookup((host) -> {
			asked[host.equals("outer.test") ? 0 : 1] = Thread.currentThread();
			if (host.equals("outer.test")) {
				lookup[0].addresses("inner.test", 80, LIMIT);
			}
			return new InetAddress[] { InetAddress.getLoopbackAddress() };
		});
		lookup[0].addresses("outer.test", 80, LIMIT);
		assertThat(asked[1]).isNotNull().isSameAs(asked[0]).isNotSameAs(Thread.currentThread());
	}

	@Test
	void anInterruptEndsTheWait() {
		AddressLookup lookup = lookup(AddressLookupTests::waitForEver);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedIOException.class)
			.isThrownBy(() -> lookup.addresses("any.test", 80, LIMIT));
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void failuresOfAResolverReachTheCallerUnchanged() {
		AddressLookup unknown = lookup((host) -> {
			throw new UnknownHostException(host);
		});
		assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> unknown.addresses("no.test", 80, LIMIT))
			.withMessage("no.test");
		AddressLookup broken = lookup((host) -> {
			throw new IllegalStateException("broken");
		});
		assertThatIllegalStateException().isThrownBy(() -> broken.addresses("no.test", 80, LIMIT))
			.withMessage("broken");
	}

	@Test
	void anAddressIsAskedForInTheCallersThread() throws Exception {
		Thread[] asked = new Thread[1];
		AddressLookup lookup = lookup((host) -> {
			asked[0] = Thread.currentThread();
			return new InetAddress[] { InetAddress.getLoopbackAddress() };
		});
		List<InetSocketAddress> addresses = lookup.addresses("127.0.0.1", 80, LIMIT);
		assertThat(addresses).containsExactly(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));
		assertThat(asked[0]).isSameAs(Thread.currentThread());
	}

	@Test
	void anAddressOfVersionSixIsLookedUpInTheCallersThread() throws Exception {
		assertThat(threadThatResolves("::1", LIMIT)).isSameAs(Thread.currentThread());
	}

	@Test
	void lookupsWithoutALimitNeedNoOtherThread() throws Exception {
		assertThat(threadThatResolves("any.test", null)).isSameAs(Thread.currentThread());
		assertThat(threadThatResolves("any.test", Timeout.DISABLED)).isSameAs(Thread.currentThread());
		assertThat(threadThatResolves("any.test", LIMIT)).isNotSameAs(Thread.currentThread());
	}

	@Test
	void errorsOfAResolverReachTheCallerUnchanged() {
		AddressLookup lookup = lookup((host) -> {
			throw new StackOverflowError("of a resolver");
		});
		assertThatExceptionOfType(StackOverflowError.class)
			.isThrownBy(() -> lookup.addresses("any.test", 80, Timeout.ofSeconds(10)))
			.withMessage("of a resolver");
	}

	@Test
	void undeclaredExceptionOfAResolverArrivesAsTheCause() {
		AddressLookup lookup = lookup((host) -> sneak(new CloneNotSupportedException("of a resolver")));
		assertThatIOException().isThrownBy(() -> lookup.addresses("any.test", 80, Timeout.ofSeconds(10)))
			.withCauseInstanceOf(CloneNotSupportedException.class)
			.withMessageContaining("of a resolver");
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> InetAddress[] sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	private Thread threadThatResolves(String host, Timeout limit) throws Exception {
		AtomicReference<Thread> asked = new AtomicReference<>();
		lookup((name) -> {
			asked.set(Thread.currentThread());
			return new InetAddress[] { InetAddress.getLoopbackAddress() };
		}).addresses(host, 80, limit);
		return asked.get();
	}

	private static InetAddress[] waitForEver(String host) throws UnknownHostException {
		try {
			new CountDownLatch(1).await();
		}
		catch (InterruptedException ex) {
			throw new UnknownHostException("given up");
		}
		return new InetAddress[0];
	}

	private AddressLookup lookup(Resolution resolution) {
		return new AddressLookup(new SystemDefaultDnsResolver() {

			@Override
			public InetAddress[] resolve(String host) throws UnknownHostException {
				try {
					return resolution.resolve(host);
				}
				catch (IOException | TimeoutException ex) {
					throw (ex instanceof UnknownHostException unknown) ? unknown : new UnknownHostException(host);
				}
			}

		}, this.lookups);
	}

	private interface Resolution {

		InetAddress[] resolve(String host) throws IOException, TimeoutException;

	}

}
