package io.github.httppool.hc5.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the order in which addresses are tried, and for the history of failed
 * addresses.
 */
@Tag("waiting")
class AddressOrderTests {

	private final AddressHistory history = new AddressHistory();

	@ParameterizedTest
	@CsvSource({ "::1 ::2 ::3 1.1.1.1 1.1.1.2, ::1 1.1.1.1 ::2 1.1.1.2 ::3",
			"1.1.1.1 1.1.1.2 1.1.1.3 ::1, 1.1.1.1 ::1 1.1.1.2 1.1.1.3", "1.1.1.2 1.1.1.1, 1.1.1.2 1.1.1.1",
			"::3 1.1.1.1 ::2 1.1.1.2, ::3 1.1.1.1 ::2 1.1.1.2", "1.1.1.1 ::1, 1.1.1.1 ::1", "::2, ::2",
			"1.1.1.1 1.1.1.1 ::1, 1.1.1.1 ::1 1.1.1.1" })
	void familiesAlternateBeginningWithThatOfTheFirstAddress(String resolved, String order) {
		assertThat(order(resolved)).isEqualTo(order);
	}

	@Test
	void addressesThatFailedComeLast() {
		failed("::1", 1);
		assertThat(order("::1 ::2 1.1.1.1 1.1.1.2")).isEqualTo("1.1.1.1 ::2 1.1.1.2 ::1");
		failed("1.1.1.2", 0);
		assertThat(order("::1 ::2 1.1.1.1 1.1.1.2")).as("the latest failure first")
			.isEqualTo("1.1.1.1 ::2 1.1.1.2 ::1");
		failed("1.1.1.1", 2);
		assertThat(order("::1 ::2 1.1.1.1 1.1.1.2")).isEqualTo("::2 1.1.1.2 ::1 1.1.1.1");
	}

	@Test
	void successClearsAFailure() {
		failed("::1", 0);
		this.history.succeeded(address("::1"));
		assertThat(order("::1 1.1.1.1")).isEqualTo("::1 1.1.1.1");
		assertThat(this.history.size()).isZero();
	}

	@Test
	void failureIsForgottenAfterAMinute() {
		failed("::1", 61);
		assertThat(order("::1 1.1.1.1")).isEqualTo("::1 1.1.1.1");
	}

	@Test
	void noMoreThanAThousandAddressesAreRemembered() {
		long now = System.nanoTime();
		for (int i = 0; i < 100_000; i++) {
			this.history.failed(new InetSocketAddress("127.0.0.1", 1 + i % 60_000), now + i);
		}
		assertThat(this.history.size()).isEqualTo(AddressHistory.MAX_ADDRESSES);
		long later = now + AddressHistory.MAX_AGE + TimeUnit.SECONDS.toNanos(1);
		this.history.failed(address("::1"), later);
		assertThat(this.history.size()).as("those that are too old make room").isOne();
	}

	@Test
	void portsOfAnAddressAreDistinguished() {
		this.history.failed(new InetSocketAddress("127.0.0.1", 80), System.nanoTime());
		assertThat(this.history.sinceFailure(new InetSocketAddress("127.0.0.1", 81), System.nanoTime())).isNegative();
	}

	private void failed(String address, int secondsAgo) {
		this.history.failed(address(address), System.nanoTime() - TimeUnit.SECONDS.toNanos(secondsAgo));
	}

	private String order(String resolved) {
		List<ConnectAttempt> attempts = Arrays.stream(resolved.split(" "))
			.map((address) -> new ConnectAttempt(address(address)))
			.toList();
		List<String> order = new ArrayList<>();
		for (ConnectAttempt attempt : AddressOrder.of(attempts, this.history, new AddressHistory())) {
			order.add(attempt.address.getAddress().getHostAddress().replace("0:0:0:0:0:0:0:", "::"));
		}
		return String.join(" ", order);
	}

	private static InetSocketAddress address(String address) {
		try {
			return new InetSocketAddress(InetAddress.getByName(address), 80);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
