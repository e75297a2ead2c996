package io.github.httppool;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests which proxy is used for which host, and which settings of one are refused.
 */
class ProxySettingsTests {

	@ParameterizedTest
	@CsvSource({ "http://proxy.example:3128, http, proxy.example, 3128", "HTTPS://proxy:443, https, proxy, 443",
			"socks5://127.0.0.1:1080, socks5, 127.0.0.1, 1080", "socks5h://proxy:1, socks5, proxy, 1",
			"http://my_proxy:65535/, http, my_proxy, 65535", "http://[::1]:8080, http, ::1, 8080",
			"' http://proxy:80 ', http, proxy, 80" })
	void anAddressHasSchemeHostAndPort(String url, String scheme, String host, int port) {
		ProxySettings settings = explicit(url);
		assertThat(problems(settings)).isEmpty();
		assertThat(settings.servers()).containsExactly(new ProxyServer(scheme, host, port, null, null));
		assertThat(settings.proxyFor("https", "anything.example", 443)).isEqualTo(settings.servers().get(0));
	}

	@ParameterizedTest
	@CsvSource({ "ftp://proxy:21, begins with http://", "socks4://proxy:1080, begins with http://",
			"proxy:3128, begins with http://", "http://proxy, a port from 1 to 65535", "http://proxy:, a port",
			"http://proxy:0, a port", "http://proxy:65536, a port", "http://proxy:port, a port",
			"http://:3128, host and port only", "http://pro xy:3128, host and port only",
			"http://proxy:3128/path, host and port only", "http://proxy:3128?query, host and port only",
			"http://[::zz]:80, host and port only", "http://, host and port only" })
	void anAddressThatSaysTooLittleOrTooMuchIsRefused(String url, String advice) {
		assertThat(problems(explicit(url))).singleElement().satisfies((problem) -> {
			assertThat(problem.setting()).isEqualTo("proxy.url");
			assertThat(problem.value()).isEqualTo(url);
			assertThat(problem.advice()).contains(advice);
		});
		assertThat(explicit(url).servers()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://user:s3cret@proxy:3128", "user:s3cret@proxy", "http://user:s3cr@s3cret@proxy:1",
			"://s3cret@", "s3cret@http://proxy:1" })
	void credentialsInTheAddressAreRefusedAndShownNowhere(String url) {
		ProxySettings settings = explicit(url);
		assertThatExceptionOfType(InvalidHttpPoolSettingsException.class)
			.isThrownBy(() -> HttpPoolSettings.builder().proxy(settings).build())
			.withMessageContaining("http-pool.proxy.url is ")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cret").doesNotContain("user:"));
		assertThat(settings.toString()).doesNotContain("s3cret");
	}

	@Test
	void credentialsAreNotShown() {
		ProxySettings settings = new ProxySettings("http://proxy:3128", "user", "s3cret", List.of(), false);
		assertThat(problems(settings)).isEmpty();
		assertThat(settings + " " + settings.servers()).doesNotContain("s3cret").doesNotContain("user");
		assertThat(settings.servers().get(0).password()).isEqualTo("s3cret");
	}

	@ParameterizedTest
	@CsvSource({ "http, user, , proxy.password", "socks5, , s3cret, proxy.username",
			"http, us:er, s3cret, proxy.username", "https, 'user\n', s3cret, proxy.username",
			"http, user, 's3cret\r\nX: y', proxy.username" })
	void halfCredentialsAndThoseThatCannotBeSentAreRefused(String scheme, String username, String password,
			String property) {
		List<Problem> problems = problems(
				new ProxySettings(scheme + "://proxy:1", username, password, List.of(), false));
		assertThat(problems).singleElement().satisfies((problem) -> {
			assertThat(problem.setting()).isEqualTo(property);
			assertThat(problem.toString()).doesNotContain("s3cret");
		});
	}

	@Test
	void socksCarriesNoMoreThan255Bytes() {
		assertThat(problems(new ProxySettings("socks5://p:1", "ü".repeat(127), "x".repeat(255), List.of(), false)))
			.isEmpty();
		assertThat(problems(new ProxySettings("socks5://p:1", "ü".repeat(128), "x", List.of(), false))).hasSize(1);
		assertThat(problems(new ProxySettings("socks5://p:1", "u", "x".repeat(256), List.of(), false))).hasSize(1);
		assertThat(problems(new ProxySettings("http://p:1", "u", "x".repeat(256), List.of(), false))).isEmpty();
		assertThat(problems(new ProxySettings("socks5://p:1", "u:u", "x", List.of(), false))).isEmpty();
	}

	@Test
	void mistakesAreReportedTogetherWithOthers() {
		assertThatExceptionOfType(InvalidHttpPoolSettingsException.class)
			.isThrownBy(() -> HttpPoolSettings.builder()
				.maxTotal(0)
				.proxy(new ProxySettings("proxy", "user", null, List.of("a b", "10.0.0.0/33"), false))
				.build())
			.satisfies((ex) -> assertThat(ex.getProblems()).extracting(Problem::setting)
				.containsExactly("max-total", "proxy.non-proxy-hosts", "proxy.non-proxy-hosts", "proxy.url",
						"proxy.password"));
	}

	@Test
	void blankValuesAreIgnored() {
		ProxySettings settings = new ProxySettings(" ", "", "", List.of(), false);
		assertThat(settings).isEqualTo(ProxySettings.NONE).hasSameHashCodeAs(ProxySettings.NONE);
		assertThat(problems(settings)).isEmpty();
		assertThat(settings.servers()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ' ', value = { "api.example.com api.example.com:443 true",
			"api.example.com API.Example.COM:443 true", "api.example.com api.example.com.:443 true",
			"API.example.com. api.example.com:443 true", "api.example.com www.api.example.com:443 false",
			"api.example.com xapi.example.com:443 false", "*.example.com api.example.com:443 true",
			"*.example.com a.b.example.com:443 true", "*.example.com example.com:443 false",
			"*.example.com badexample.com:443 false", ".example.com api.example.com:443 true",
			".example.com example.com:443 false", "* anything:1 true", "* 192.0.2.1:1 true",
			"api.example.com:8443 api.example.com:8443 true", "api.example.com:8443 api.example.com:443 false",
			"*.example.com:80 api.example.com:80 true", "*.example.com:80 api.example.com:81 false",
			"192.0.2.1 192.0.2.1:80 true", "192.0.2.1 192.0.2.10:80 false", "192.0.2.1:81 192.0.2.1:80 false",
			"192.0.2.1:80 192.0.2.1:80 true", "10.0.0.0/8 10.255.1.2:80 true", "10.0.0.0/8 11.0.0.1:80 false",
			"10.1.2.3/8 10.9.9.9:80 true", "192.168.16.0/20 192.168.31.255:80 true",
			"192.168.16.0/20 192.168.32.0:80 false", "0.0.0.0/0 8.8.8.8:80 true", "0.0.0.0/0 [2001:db8::1]:80 false",
			"0.0.0.0/0 name.example:80 false", "192.0.2.1/32 192.0.2.1:80 true",
			"2001:db8::/32 [2001:db8:1::1]:80 true", "2001:db8::/32 [2001:db9::1]:80 false",
			"2001:db8::/33 [2001:db8:8000::1]:80 false", "2001:DB8:0::1 [2001:db8::1]:80 true",
			"[2001:db8::1]:80 [2001:db8::1]:80 true", "[2001:db8::1]:80 [2001:db8::1]:81 false",
			"[2001:db8::1] [2001:db8::1]:81 true", "192.0.2.0/24 [::ffff:192.0.2.7]:80 true",
			"localhost localhost:80 true", "localhost 127.0.0.1:80 false" })
	void hostsWithAnExceptionAreReachedDirectly(String pattern, String target, boolean direct) {
		ProxySettings settings = new ProxySettings("http://proxy:3128", null, null, List.of("unrelated", pattern),
				false);
		assertThat(problems(settings)).isEmpty();
		assertThat(isDirect(settings, "https", target)).isEqualTo(direct);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://api.example.com", "10.0.0.0/33", "2001:db8::/129", "10.0.0/8", "name/8",
			"10.0.0.0/", "10.0.0.0/-1", "a|b", "a b", "a,b", "host:port", "host:0", "**", "*example.com", "foo.*", "",
			"..example.com", "10.0.0.0/8:80", ":80" })
	void invalidExceptionsAreRejected(String pattern) {
		assertThat(
				problems(new ProxySettings("http://proxy:3128", null, null, List.of("fine.example", pattern), false)))
			.singleElement()
			.satisfies((problem) -> {
				assertThat(problem.setting()).isEqualTo("proxy.non-proxy-hosts");
				assertThat(problem.value()).isEqualTo(pattern);
				assertThat(problem.advice()).contains("10.0.0.0/8");
			});
	}

	@Test
	void theLoopbackInterfaceIsProxiedWhereAPropertyNamesTheProxy() {
		assertThat(isDirect(explicit("http://proxy:3128"), "http", "127.0.0.1:80")).isFalse();
		assertThat(isDirect(explicit("http://proxy:3128"), "http", "localhost:80")).isFalse();
	}

	// Environment

	/**
	 * The variables, the target, and the proxy that is used for it.
	 */
	@ParameterizedTest
	@CsvSource(nullValues = "none", delimiter = '|', value = { "HTTP_PROXY=http://p:1 | http | http://p:1",
			"HTTP_PROXY=http://p:1 | https | none", "http_proxy=http://p:1 | http | http://p:1",
			"HTTPS_PROXY=http://p:1 | https | http://p:1", "https_proxy=http://p:1 | https | http://p:1",
			"HTTPS_PROXY=http://p:1 | http | none", "ALL_PROXY=socks5://p:1 | http | socks5://p:1",
			"ALL_PROXY=socks5://p:1 | https | socks5://p:1", "all_proxy=socks5h://p:1 | https | socks5://p:1",
			"HTTP_PROXY=http://u:1 http_proxy=http://l:1 | http | http://u:1",
			"HTTP_PROXY= http_proxy=http://l:1 | http | http://l:1",
			"HTTPS_PROXY=http://s:1 ALL_PROXY=http://a:1 | https | http://s:1",
			"HTTPS_PROXY=http://s:1 ALL_PROXY=http://a:1 | http | http://a:1",
			"HTTP_PROXY=proxy.example | http | http://proxy.example:80",
			"HTTP_PROXY=proxy.example:3128 | http | http://proxy.example:3128",
			"HTTPS_PROXY=https://p | https | https://p:443", "ALL_PROXY=socks5://p | http | socks5://p:1080",
			"HTTP_PROXY=http://user:pass@p:1/ | http | http://p:1", "HTTP_PROXY=[::1]:8080 | http | http://[::1]:8080",
			"HTTP_PROXY=http://p:1 REQUEST_METHOD=GET | http | none",
			"http_proxy=http://p:1 REQUEST_METHOD=GET | http | none",
			"HTTPS_PROXY=http://p:1 REQUEST_METHOD=GET | https | http://p:1", "PATH=/bin | http | none" })
	void variablesNameProxiesForASchemeOrForAll(String variables, String scheme, String proxy) {
		ProxySettings settings = environment(variables.split(" "));
		assertThat(problems(settings)).isEmpty();
		ProxyServer found = settings.proxyFor(scheme, "api.example.com", 8080);
		assertThat((found != null) ? found.toString() : null).isEqualTo(proxy);
	}

	@Test
	void credentialsInAVariableAreDecoded() {
		ProxyServer server = environment("HTTPS_PROXY=http://do%40main:a%3Ab+c@p:1").servers().get(0);
		assertThat(server.username()).isEqualTo("do@main");
		assertThat(server.password()).isEqualTo("a:b+c");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "example.com | example.com:80 | true",
			"example.com | api.example.com:80 | true", "example.com | badexample.com:80 | false",
			".example.com | example.com:80 | false", ".example.com | api.example.com:80 | true",
			"*.example.com | api.example.com:80 | true", "*.example.com | example.com:80 | false",
			"example.com:81 | api.example.com:80 | false", "example.com:80 | api.example.com:80 | true",
			"* | anything:80 | true", "a.test, b.test | b.test:80 | true", "a.test,,b.test, | c.test:80 | false",
			"10.0.0.0/8 | 10.1.1.1:80 | true", "10.1.1.1 | 10.1.1.1:80 | true", "10.1.1.1:81 | 10.1.1.1:80 | false",
			"fd00::/8 | [fd12::1]:80 | true", "EXAMPLE.com | example.COM:80 | true", "none.test | localhost:80 | true",
			"none.test | LOCALHOST.:80 | true", "none.test | 127.0.0.1:80 | true", "none.test | 127.9.9.9:80 | true",
			"none.test | [::1]:80 | true", "none.test | localhost.example:80 | false" })
	void noProxyAndTheLoopbackInterfaceAreReachedDirectly(String noProxy, String target, boolean direct) {
		ProxySettings settings = environment("ALL_PROXY=http://p:1", "no_proxy=" + noProxy);
		assertThat(settings.ignoredHosts()).isEmpty();
		assertThat(isDirect(settings, "http", target)).isEqualTo(direct);
	}

	@Test
	void invalidEntryOfNoProxyIsReportedAndTheRestApplies() {
		ProxySettings settings = environment("ALL_PROXY=http://p:1", "NO_PROXY=10.0.0.0/99,foo*,api.example.com");
		assertThat(settings.ignoredHosts()).containsExactly("10.0.0.0/99", "foo*");
		assertThat(isDirect(settings, "http", "api.example.com:80")).isTrue();
		assertThat(isDirect(settings, "http", "10.0.0.1:80")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP_PROXY=ftp://user:s3cret@p:1", "HTTPS_PROXY=http://:s3cret",
			"ALL_PROXY=http://p:s3cret", "http_proxy=http://us%zzer:s3cret@p:1", "ALL_PROXY=socks5://s3cret@p:1" })
	void aVariableThatNamesNoProxyIsRefusedWithoutItsValue(String variable) {
		String name = variable.substring(0, variable.indexOf('=')).toUpperCase(Locale.ROOT);
		assertThat(problems(environment(variable))).singleElement().satisfies((problem) -> {
			assertThat(problem.setting()).isEqualTo("proxy.from-environment");
			assertThat(problem.advice()).contains("environment variable " + name);
			assertThat(problem.toString()).doesNotContain("s3cret");
		});
	}

	@Test
	void environmentIsUsedOnlyIfEnabledAndNoPropertyNamesTheProxy() {
		Map<String, String> variables = Map.of("HTTP_PROXY", "http://environment:1", "NO_PROXY", "*");
		ProxySettings explicit = new ProxySettings("http://property:1", null, null, List.of(), true, variables);
		assertThat(explicit.proxyFor("http", "api.example.com", 80)).hasToString("http://property:1");
		assertThat(explicit.servers()).hasSize(1);
		ProxySettings off = new ProxySettings(null, null, null, List.of(), false, variables);
		assertThat(off.proxyFor("http", "api.example.com", 80)).isNull();
	}

	@Test
	void exceptionsOfAPropertyHoldForTheProxiesOfTheEnvironment() {
		ProxySettings settings = new ProxySettings(null, null, null, List.of("direct.example"), true,
				Map.of("HTTP_PROXY", "http://p:1", "NO_PROXY", "other.example"));
		assertThat(isDirect(settings, "http", "direct.example:80")).isTrue();
		assertThat(isDirect(settings, "http", "other.example:80")).isTrue();
		assertThat(isDirect(settings, "http", "third.example:80")).isFalse();
	}

	private static boolean isDirect(ProxySettings settings, String scheme, String target) {
		int colon = target.lastIndexOf(':');
		return settings.proxyFor(scheme, target.substring(0, colon),
				Integer.parseInt(target.substring(colon + 1))) == null;
	}

	private static ProxySettings explicit(String url) {
		return new ProxySettings(url, null, null, List.of(), false);
	}

	private static ProxySettings environment(String... variables) {
		Map<String, String> environment = new LinkedHashMap<>();
		Arrays.stream(variables)
			.map((variable) -> variable.split("=", 2))
			.forEach((pair) -> environment.put(pair[0], pair[1]));
		return new ProxySettings(null, null, null, List.of(), true, environment);
	}

	private static List<Problem> problems(ProxySettings settings) {
		try {
			HttpPoolSettings.builder().proxy(settings).build();
			return List.of();
		}
		catch (InvalidHttpPoolSettingsException ex) {
			return ex.getProblems();
		}
	}

}
