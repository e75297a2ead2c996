package io.github.httppool.jvm;

import java.io.IOException;
import java.net.Authenticator;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.testing.ClosedPort;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.SocksScript;
import io.github.httppool.testing.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * JVM settings have the same effect on the pool as on Spring Boot's client. Each test
 * runs both. {@code docs/jvm-settings.md} lists them.
 */
@Tag("slow")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JvmSettingsTests {

	/** As the SOCKS proxy of the JVM is not asked for loopback addresses otherwise. */
	private static final String SOCKS_FOR_ALL = "socksNonProxyHosts=";

	private final ScriptedUpstream upstream = ScriptedUpstream.plain(JvmSettingsTests::answer);

	private final Map<String, String> before = new HashMap<>();

	private final ProxySelector selector = ProxySelector.getDefault();

	@TempDir
	private Path directory;

	@AfterEach
	void reset() {
		this.before.forEach((name, value) -> {
			if (value != null) {
				System.setProperty(name, value);
			}
			else {
				System.clearProperty(name);
			}
		});
		ProxySelector.setDefault(this.selector);
		Authenticator.setDefault(null);
		this.upstream.close();
	}

	private static void answer(ScriptedUpstream.Exchange exchange) throws IOException {
		ScriptedUpstream.Request request = exchange.request();
		if (exchange.method().equals("CONNECT")) {
			exchange.status(403, "no");
			return;
		}
		switch (URI.create(exchange.path()).getPath()) {
			case "/secret" -> challenge(exchange, 401, "WWW-Authenticate", "Authorization");
			case "/proxy-secret" -> challenge(exchange, 407, "Proxy-Authenticate", "Proxy-Authorization");
			default -> exchange.ok(request.connection() + " " + request.header("User-Agent") + " asked for "
					+ exchange.path().replaceFirst("//127.0.0.1:\\d+", "//server"));
		}
	}

	private static void challenge(ScriptedUpstream.Exchange exchange, int status, String challenge, String answer)
			throws IOException {
		String login = exchange.request().header(answer);
		if (login != null) {
			exchange.ok(exchange.request().connection() + " " + login);
		}
		else {
			exchange.status(status, "who?", challenge + ": Basic realm=x");
		}
	}

	// SOCKS

	@Test
	void socksProxyIsUsed() throws Exception {
		try (SocksScript socks = socks(0)) {
			set(SOCKS_FOR_ALL, "socksProxyHost=127.0.0.1", "socksProxyPort=" + port(socks));
			assertSame("same connection", this.upstream.url());
			assertThat(socks.targets()).containsExactly("127.0.0.1:" + this.upstream.port(),
					"127.0.0.1:" + this.upstream.port());
		}
	}

	@Test
	void socksNonProxyHostsAreReachedDirectly() throws Exception {
		try (SocksScript socks = socks(0)) {
			set("socksProxyHost=127.0.0.1", "socksProxyPort=" + port(socks));
			assertSame("same connection", this.upstream.url());
			assertThat(socks.targets()).isEmpty();
		}
	}

	@Test
	void socksLoginOfThePropertiesIsTheSame() throws Exception {
		try (SocksScript socks = socks(2)) {
			set(SOCKS_FOR_ALL, "socksProxyHost=127.0.0.1", "socksProxyPort=" + port(socks),
					"java.net.socks.username=me", "java.net.socks.password=secret");
			assertSame("same connection", this.upstream.url());
			// The JDK documents these properties and does not read them.
			assertThat(socks.logins()).hasSize(2);
			assertThat(socks.logins().get(1)).isEqualTo(socks.logins().get(0));
		}
	}

	@Test
	void socksLoginOfTheDefaultAuthenticatorIsUsed() throws Exception {
		Authenticator.setDefault(JvmSettingsApplication.authenticator());
		try (SocksScript socks = socks(2)) {
			set(SOCKS_FOR_ALL, "socksProxyHost=127.0.0.1", "socksProxyPort=" + port(socks));
			assertSame("same connection", this.upstream.url());
			assertThat(socks.logins()).containsExactly("me:secret", "me:secret");
		}
	}

	@Test
	void socksProxyOfTheDefaultSelectorIsUsed() throws Exception {
		try (SocksScript socks = socks(0)) {
			ProxySelector.setDefault(JvmSettingsApplication.selector(Proxy.Type.SOCKS, port(socks)));
			assertSame("same connection", this.upstream.url());
			assertThat(socks.targets()).hasSize(2);
		}
	}

	@Test
	void selectorThatIsSetWhileThePoolIsInUseCounts() throws Exception {
		try (SocksScript socks = socks(0)) {
			set("http.keepAlive=false");
			ProxySelector.setDefault(new ProxySelector() {

				private final ProxySelector socksToo = JvmSettingsApplication.selector(Proxy.Type.SOCKS, port(socks));

				@Override
				public List<Proxy> select(URI uri) {
					boolean second = JvmSettingsTests.this.upstream.requests().size() % 2 == 1;
					return (second && uri.getScheme().equals("socket")) ? this.socksToo.select(uri)
							: List.of(Proxy.NO_PROXY);
				}

				@Override
				public void connectFailed(URI uri, java.net.SocketAddress address, IOException failure) {
				}

			});
			assertSame("other connection", this.upstream.url());
			assertThat(socks.targets()).hasSize(2);
		}
	}

	@Test
	void socksProxyThatIsDownIsTheSameFailure() throws Exception {
		set(SOCKS_FOR_ALL, "socksProxyHost=127.0.0.1", "socksProxyPort=" + closedPort());
		assertSame("SocketException", this.upstream.url());
		assertThat(this.upstream.requests()).isEmpty();
	}

	@Test
	void socksProxyThatRefusesIsTheSameFailure() throws Exception {
		try (SocksScript socks = SocksScript.start(this.upstream.port(),
				SocksScript.Answers.of(0, new byte[] { 5, 2, 0, 1, 0, 0, 0, 0, 0, 0 }))) {
			set(SOCKS_FOR_ALL, "socksProxyHost=127.0.0.1", "socksProxyPort=" + port(socks));
			assertSame("SocketException", this.upstream.url());
			assertThat(this.upstream.requests()).isEmpty();
		}
	}

	@Test
	void tlsGoesThroughTheSocksProxy() throws Exception {
		try (ScriptedUpstream secure = ScriptedUpstream.tls(JvmSettingsTests::answer);
				SocksScript socks = SocksScript.start(secure.port(), SocksScript.Answers.of(0, SocksScript.GRANTED))) {
			List<String> options = new ArrayList<>(
					List.of("-DsocksNonProxyHosts=", "-DsocksProxyHost=127.0.0.1", "-DsocksProxyPort=" + port(socks)));
			options.addAll(trustStore());
			assertSameInAJvmOfItsOwn(options, "same connection", secure.url());
			assertThat(socks.targets()).hasSize(2);
		}
	}

	// HTTP proxies

	@Test
	void httpProxyIsUsed() throws Exception {
		set("http.proxyHost=127.0.0.1", "http.proxyPort=" + this.upstream.port());
		assertSame("asked for http://server.invalid/page", "http://server.invalid/page");
	}

	@Test
	void httpNonProxyHostsAreReachedDirectly() throws Exception {
		set("http.proxyHost=127.0.0.1", "http.proxyPort=" + closedPort(), "http.nonProxyHosts=127.0.0.*");
		assertSame("asked for /", this.upstream.url() + "/");
	}

	@Test
	void httpProxyOfTheDefaultSelectorIsUsed() throws Exception {
		ProxySelector.setDefault(JvmSettingsApplication.selector(Proxy.Type.HTTP, this.upstream.port()));
		assertSame("asked for http://server.invalid/page", "http://server.invalid/page");
	}

	@Test
	void httpsProxyIsAskedForATunnel() throws Exception {
		set("https.proxyHost=127.0.0.1", "https.proxyPort=" + this.upstream.port());
		outcomes(false, "https://server.invalid/");
		outcomes(true, "https://server.invalid/");
		assertThat(this.upstream.requests()).extracting(ScriptedUpstream.Request::method)
			.containsExactly("CONNECT", "CONNECT", "CONNECT", "CONNECT");
	}

	@ParameterizedTest
	@ValueSource(strings = { "properties", "authenticator" })
	void loginAtTheHttpProxyIsUsed(String source) throws Exception {
		set("http.proxyHost=127.0.0.1", "http.proxyPort=" + this.upstream.port());
		if (source.equals("properties")) {
			set("http.proxyUser=me", "http.proxyPassword=secret");
		}
		else {
			Authenticator.setDefault(JvmSettingsApplication.authenticator());
		}
		assertSame("Basic bWU6c2VjcmV0", "http://server.invalid/proxy-secret");
	}

	@Test
	void systemProxiesAreAskedFor() throws Exception {
		assertSameInAJvmOfItsOwn(List.of("-Djava.net.useSystemProxies=true"), "same connection", this.upstream.url());
	}

	// HTTP

	@Test
	void defaultAuthenticatorLogsInAtServers() throws Exception {
		Authenticator.setDefault(JvmSettingsApplication.authenticator());
		assertSame("Basic bWU6c2VjcmV0", this.upstream.url() + "/secret");
	}

	@Test
	void withoutKeepAliveEachCallHasItsConnection() throws Exception {
		set("http.keepAlive=false");
		assertSame("other connection, Apache", this.upstream.url());
		assertThat(this.upstream.accepted()).isEqualTo(4);
	}

	@Test
	void agentIsSent() throws Exception {
		set("http.agent=own/1");
		assertSame("own/1", this.upstream.url());
	}

	@Test
	void maxConnectionsIsNotReadByHttpClient() throws Exception {
		set("http.maxConnections=1");
		assertSame("same connection", this.upstream.url(), "http://localhost:" + this.upstream.port());
	}

	// TLS

	@Test
	void trustStoreCounts() throws Exception {
		try (ScriptedUpstream secure = ScriptedUpstream.tls(JvmSettingsTests::answer)) {
			assertSameInAJvmOfItsOwn(List.of(), "SSLHandshakeException", secure.url());
			assertSameInAJvmOfItsOwn(trustStore(), "same connection", secure.url());
		}
	}

	@Test
	void keyStoreCounts() throws Exception {
		TestCertificates client = TestCertificates.create("client");
		try (ScriptedUpstream secure = ScriptedUpstream
			.tls((exchange) -> exchange.ok(exchange.request().connection() + " " + exchange.connection().clientName()))
			.requireClientCertificate(client)) {
			List<String> options = new ArrayList<>(trustStore());
			options.add("-Djavax.net.ssl.keyStore=" + client.keyStore());
			options.add("-Djavax.net.ssl.keyStorePassword=" + TestCertificates.PASSWORD);
			List<String> plain = new ArrayList<>();
			List<String> pooled = new ArrayList<>();
			inAJvmOfItsOwn(options, plain, pooled, secure.url());
			assertThat(plain.get(0)).contains("client");
			// Spring Boot's client takes a connection with a certificate for one
			// caller's.
			assertThat(pooled.get(0)).contains("client").startsWith("[other connection");
		}
	}

	@Test
	void protocolsAndCipherSuitesCount() throws Exception {
		try (ScriptedUpstream secure = ScriptedUpstream.tls(JvmSettingsTests::answer)) {
			for (String option : List.of("-Dhttps.protocols=TLSv1.2", "-Djdk.tls.client.protocols=TLSv1.2",
					"-Dhttps.cipherSuites=TLS_CHACHA20_POLY1305_SHA256",
					"-Djdk.tls.client.cipherSuites=TLS_CHACHA20_POLY1305_SHA256")) {
				List<String> options = new ArrayList<>(trustStore());
				options.add(option);
				assertSameInAJvmOfItsOwn(options, option.replaceFirst(".*=", ", "), secure.url());
			}
		}
	}

	@Test
	void disabledAlgorithmsCount() throws Exception {
		try (ScriptedUpstream secure = ScriptedUpstream.tls(JvmSettingsTests::answer)) {
			assertSameInAJvmOfItsOwn(trustStore(), "TLSv1.2", "security=jdk.tls.disabledAlgorithms:TLSv1.3",
					secure.url());
		}
	}

	@Test
	void defaultContextCounts() throws Exception {
		try (ScriptedUpstream secure = ScriptedUpstream.tls(JvmSettingsTests::answer)) {
			assertSameInAJvmOfItsOwn(List.of(), "same connection", "trust=" + TestCertificates.localhost().trustStore(),
					secure.url());
		}
	}

	// Addresses and sockets

	@Test
	void preferredAddressesCount() throws Exception {
		assertSameInAJvmOfItsOwn(List.of("-Djava.net.preferIPv4Stack=true"), "same connection",
				"http://localhost:" + this.upstream.port(), "http://[::1]:" + this.upstream.port());
		assertSameInAJvmOfItsOwn(List.of("-Djava.net.preferIPv6Addresses=true"), "same connection",
				"http://localhost:" + this.upstream.port());
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1" })
	void hostsFileAndLifeOfAddressesCount(String timeToLive) throws Exception {
		Path hosts = this.directory.resolve("hosts");
		Files.writeString(hosts, "127.0.0.1 server.test\n");
		assertSameInAJvmOfItsOwn(List.of("-Djdk.net.hosts.file=" + hosts, "-Dhttp.keepAlive=false"),
				timeToLive.equals("0") ? ", UnknownHostException]" : ", other connection",
				"security=networkaddress.cache.ttl:" + timeToLive, "security=networkaddress.cache.negative.ttl:0",
				"rewrite=" + hosts, "http://server.test:" + this.upstream.port());
	}

	@Test
	void socketImplFactoryIsNotAskedForChannels() throws Exception {
		List<String> plain = new ArrayList<>();
		List<String> pooled = new ArrayList<>();
		inAJvmOfItsOwn(List.of(), plain, pooled, "impl=x", this.upstream.url());
		assertThat(plain.toString()).contains("IllegalStateException");
		assertThat(pooled.toString()).contains("same connection").doesNotContain("IllegalStateException");
	}

	@Test
	void thePageListsWhatIsTested() throws Exception {
		String page = Files.readString(Path.of("../docs/jvm-settings.md"));
		String test = Files
			.readString(Path.of("src/test/java").resolve(JvmSettingsTests.class.getName().replace('.', '/') + ".java"))
				+ Files.readString(Path.of("src/test/java")
					.resolve(JvmSettingsApplication.class.getName().replace('.', '/') + ".java"));
		List<String> rows = page.lines().filter((line) -> line.startsWith("| `")).toList();
		assertThat(rows).hasSizeGreaterThan(20);
		for (String row : rows) {
			for (String setting : row.split("\\|")[1].strip().split(", ")) {
				assertThat(test).contains(setting.replace("`", ""));
			}
		}
	}

	private void set(String... properties) {
		for (String property : properties) {
			String name = property.substring(0, property.indexOf('='));
			this.before.putIfAbsent(name, System.getProperty(name));
			System.setProperty(name, property.substring(property.indexOf('=') + 1));
		}
	}

	private SocksScript socks(int login) throws IOException {
		return SocksScript.start(this.upstream.port(), SocksScript.Answers.of(login, SocksScript.GRANTED));
	}

	private static int port(SocksScript socks) {
		return URI.create(socks.url()).getPort();
	}

	private static int closedPort() throws IOException {
		return ClosedPort.next();
	}

	private static List<String> trustStore() {
		return List.of("-Djavax.net.ssl.trustStore=" + TestCertificates.localhost().trustStore(),
				"-Djavax.net.ssl.trustStorePassword=" + TestCertificates.PASSWORD);
	}

	private static List<String> outcomes(boolean pooled, String... uris) throws Exception {
		return JvmSettingsApplication.outcomes(pooled, List.of(uris), null);
	}

	private static void assertSame(String proof, String... uris) throws Exception {
		List<String> plain = outcomes(false, uris);
		assertThat(plain.toString()).contains(proof);
		assertThat(outcomes(true, uris)).isEqualTo(plain);
	}

	private static void assertSameInAJvmOfItsOwn(List<String> options, String proof, String... arguments)
			throws Exception {
		List<String> plain = new ArrayList<>();
		List<String> pooled = new ArrayList<>();
		inAJvmOfItsOwn(options, plain, pooled, arguments);
		assertThat(plain.get(0)).contains(proof);
		assertThat(pooled).isEqualTo(plain);
	}

	private static void inAJvmOfItsOwn(List<String> options, List<String> plain, List<String> pooled,
			String... arguments) throws Exception {
		String output = ForkedJvm.withTheClassPathOfTheTests()
			.options(options.toArray(String[]::new))
			.run(JvmSettingsApplication.class.getName(), arguments);
		for (String line : output.split("\n")) {
			if (line.startsWith("plain: ")) {
				plain.add(line.substring(7));
			}
			else if (line.startsWith("pooled: ")) {
				pooled.add(line.substring(8));
			}
		}
		assertThat(Arrays.asList(plain.size(), pooled.size())).as(output).containsExactly(1, 1);
	}

}
