package io.github.httppool;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the proxy through which a pool opens its connections. Immutable;
 * {@link #toString()} never contains the credentials.
 *
 * @since 0.1.0
 */
public final class ProxySettings {

	/**
	 * No proxy.
	 */
	public static final ProxySettings NONE = new ProxySettings(null, null, null, List.of(), false);

	private final @Nullable String url;

	private final @Nullable String username;

	private final @Nullable String password;

	private final List<String> nonProxyHosts;

	private final boolean fromEnvironment;

	private final List<Problem> problems = new ArrayList<>();

	private final List<String> ignored = new ArrayList<>();

	private @Nullable ProxyServer forHttp;

	private @Nullable ProxyServer forHttps;

	private final DirectHosts directHosts;

	private DirectHosts directInEnvironment = DirectHosts.NONE;

	/**
	 * Create settings of a proxy. Blank texts count as {@code null}. Invalid values are
	 * reported when the {@linkplain HttpPoolSettings.Builder#build() settings of the
	 * pool} are built.
	 * @param url address of the proxy, {@code http://host:port},
	 * {@code https://host:port} or {@code socks5://host:port}, or {@code null} for none
	 * @param username user name for the proxy, or {@code null} if it needs none
	 * @param password password for the proxy, or {@code null} if it needs none
	 * @param nonProxyHosts hosts that are reached directly: names, {@code *.domain}
	 * patterns, IP addresses and CIDR blocks
	 * @param fromEnvironment whether the environment variables {@code HTTP_PROXY},
	 * {@code HTTPS_PROXY}, {@code ALL_PROXY} and {@code NO_PROXY} apply if there is no
	 * {@code url}
	 */
	public ProxySettings(@Nullable String url, @Nullable String username, @Nullable String password,
			List<String> nonProxyHosts, boolean fromEnvironment) {
		this(url, username, password, nonProxyHosts, fromEnvironment, fromEnvironment ? System.getenv() : Map.of());
	}

	ProxySettings(@Nullable String url, @Nullable String username, @Nullable String password,
			List<String> nonProxyHosts, boolean fromEnvironment, Map<String, String> environment) {
		this.url = (url != null) ? given(url.strip()) : null;
		this.username = given(username);
		this.password = given(password);
		this.nonProxyHosts = List.copyOf(nonProxyHosts);
		this.fromEnvironment = fromEnvironment;
		List<String> senseless = new ArrayList<>();
		this.directHosts = DirectHosts.ofProperty(this.nonProxyHosts, senseless);
		senseless.forEach((host) -> this.problems.add(new Problem("proxy.non-proxy-hosts", ProxyUrl.shown(host),
				"use names such as api.example.com, *.example.com, IP addresses or blocks such as 10.0.0.0/8, one or "
						+ "more, with commas between them")));
		if (this.url != null) {
			explicit(this.url);
		}
		else if (fromEnvironment) {
			follow(environment);
		}
	}

	private static @Nullable String given(@Nullable String text) {
		return (text == null || text.isBlank()) ? null : text;
	}

	private void explicit(String url) {
		String advice = ProxyUrl.advice(url);
		if (advice != null) {
			this.problems.add(new Problem("proxy.url", ProxyUrl.shown(url), advice));
		}
		if ((this.username == null) != (this.password == null)) {
			this.problems.add((this.password == null)
					? new Problem("proxy.password", "", "set the password that belongs to http-pool.proxy.username")
					: new Problem("proxy.username", "", "set the user name that belongs to http-pool.proxy.password"));
		}
		if (advice != null) {
			return;
		}
		ProxyServer server = ProxyUrl.server(url, this.username, this.password);
		String refusal = (this.username != null && this.password != null)
				? ProxyUrl.Credentials.advice(server.scheme(), this.username, this.password) : null;
		if (refusal != null) {
			this.problems.add(new Problem("proxy.username", "***", refusal));
		}
		this.forHttp = server;
		this.forHttps = server;
	}

	private void follow(Map<String, String> environment) {
		List<String> faulty = new ArrayList<>();
		ProxyEnvironment variables = new ProxyEnvironment(environment, faulty);
		this.forHttp = variables.proxyFor("http");
		this.forHttps = variables.proxyFor("https");
		this.directInEnvironment = variables.directHosts(this.ignored);
		for (String variable : faulty) {
			// Its value may hold a password.
			this.problems.add(new Problem("proxy.from-environment", true,
					"put the address of a proxy into the environment variable " + variable
							+ ", such as http://proxy.example.com:3128, or nothing: what it holds is none"));
		}
	}

	/**
	 * Return the proxy through which a host is reached. This method does not look up
	 * names. Proxies of the environment never apply to {@code localhost} and loopback
	 * addresses.
	 * @param scheme {@code http} or {@code https}
	 * @param host name or IP address
	 * @param port port
	 * @return the proxy, or {@code null} if the host is reached directly
	 */
	public @Nullable ProxyServer proxyFor(String scheme, String host, int port) {
		ProxyServer server = scheme.equalsIgnoreCase("https") ? this.forHttps : this.forHttp;
		if (server == null || this.directHosts.contains(host, port)) {
			return null;
		}
		boolean direct = this.url == null
				&& (DirectHosts.isLoopback(host) || this.directInEnvironment.contains(host, port));
		return direct ? null : server;
	}

	/**
	 * Return all proxies of these settings.
	 * @return no proxy, one, or one for each scheme; unmodifiable
	 */
	public List<ProxyServer> servers() {
		return Stream.of(this.forHttp, this.forHttps)
			.flatMap((server) -> (server != null) ? Stream.of(server) : Stream.empty())
			.distinct()
			.toList();
	}

	/**
	 * Return the invalid entries of {@code NO_PROXY}, which have no effect.
	 * @return the entries as they are written, unmodifiable
	 */
	public List<String> ignoredHosts() {
		return List.copyOf(this.ignored);
	}

	List<Problem> problems() {
		return this.problems;
	}

	/**
	 * Return the address of the proxy.
	 * @return the address, or {@code null} for none
	 */
	public @Nullable String url() {
		return this.url;
	}

	/**
	 * Return the user name for the proxy.
	 * @return the name, or {@code null} for none
	 */
	public @Nullable String username() {
		return this.username;
	}

	/**
	 * Return the password for the proxy.
	 * @return the password, or {@code null} for none
	 */
	public @Nullable String password() {
		return this.password;
	}

	/**
	 * Return the hosts that are reached directly.
	 * @return the patterns, unmodifiable
	 */
	public List<String> nonProxyHosts() {
		return this.nonProxyHosts;
	}

	/**
	 * Return whether the environment variables apply if there is no {@link #url() url}.
	 * @return {@code true} if they apply
	 */
	public boolean fromEnvironment() {
		return this.fromEnvironment;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof ProxySettings settings && Objects.equals(this.url, settings.url)
				&& Objects.equals(this.username, settings.username) && Objects.equals(this.password, settings.password)
				&& this.nonProxyHosts.equals(settings.nonProxyHosts)
				&& this.fromEnvironment == settings.fromEnvironment;
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.url, this.username, this.nonProxyHosts, this.fromEnvironment);
	}

	@Override
	public String toString() {
		return "ProxySettings[url=" + ((this.url != null) ? ProxyUrl.shown(this.url) : null) + ", nonProxyHosts="
				+ this.nonProxyHosts + ", fromEnvironment=" + this.fromEnvironment + "]";
	}

}
