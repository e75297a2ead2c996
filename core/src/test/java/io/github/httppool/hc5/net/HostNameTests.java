package io.github.httppool.hc5.net;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the forms of a host.
 */
class HostNameTests {

	@ParameterizedTest
	@CsvSource({ "orders.example., orders.example", "orders.example.., orders.example.", "., .", "a, a",
			"fe80::1%eth0, fe80::1", "[fe80::1%25eth0], [fe80::1]", "b\u00fccher.example., b\u00fccher.example" })
	void certificateIsForANameWithoutDotAndZone(String host, String name) {
		assertThat(HostName.forTls(host)).isEqualTo(name);
	}

	@ParameterizedTest
	@CsvSource({ "[fe80::1%25eth0], [fe80::1%eth0]", "fe80::1%25eth0, fe80::1%eth0", "[fe80::1%eth0], [fe80::1%eth0]",
			"[fe80::1%25], [fe80::1%25]", "fe80::1%25, fe80::1%25", "a%25b, a%25b" })
	void zoneIsDecodedForTheJdk(String host, String decoded) {
		assertThat(HostName.forLookup(host)).isEqualTo(decoded);
	}

	@ParameterizedTest
	@CsvSource(nullValues = "none", value = { "[fe80::1%25eth0], [fe80::1]", "[::1], [::1]", "[::1, [::1", "a, a" })
	void zoneIsRemovedFromAnAddressInBrackets(String host, String name) {
		assertThat(HostName.withoutZone(host)).isEqualTo(name);
	}

	@ParameterizedTest
	@CsvSource(nullValues = "none", value = { "b%C3%BCcher.example, xn--bcher-kva.example", "a+b, a+b", "[::1], [::1]",
			"a%20b, none", "a%2Fb, none", "a%7F, none", "%zz, none", "'', none" })
	void registeredNameIsDecoded(String encoded, String name) {
		assertThat(HostName.registered(encoded)).isEqualTo(name);
	}

}
