/**
 * Fixtures for the tests of all modules: servers, proxies and other parts of the world
 * outside a pool. A fixture that needs a program of the machine skips its tests if that
 * is not installed, and fails them in CI.
 * <p>
 * Start with {@link io.github.httppool.testing.ScriptedUpstream}, a server whose
 * responses a test writes byte by byte: <pre class="code">
 * try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -&gt; exchange.ok("hello"))) {
 *     client.execute(new HttpGet(upstream.uri("/")), ...);
 * }
 * </pre>
 * <table>
 * <caption>Fixtures by subject</caption>
 * <tr>
 * <td>Servers in the JVM</td>
 * <td>{@code ScriptedUpstream}, {@code StrictServer}, {@code Relay}</td>
 * </tr>
 * <tr>
 * <td>Messages</td>
 * <td>{@code RandomResponse}, {@code Mutation}</td>
 * </tr>
 * <tr>
 * <td>Servers of the machine</td>
 * <td>{@code Nginx}, {@code HaProxy}, {@code Prometheus}</td>
 * </tr>
 * <tr>
 * <td>Proxies</td>
 * <td>{@code TinyProxy}, {@code MicroSocks}, {@code SocksScript}</td>
 * </tr>
 * <tr>
 * <td>Addresses and DNS</td>
 * <td>{@code ClosedPort}, {@code DeadAddress}, {@code SlowAddress}, {@code DnsServer},
 * {@code NetworkNamespace}</td>
 * </tr>
 * <tr>
 * <td>Certificates</td>
 * <td>{@code TestCertificates}</td>
 * </tr>
 * <tr>
 * <td>Other JVMs and their clocks</td>
 * <td>{@code OtherProcess}, {@code FakeTime}</td>
 * </tr>
 * <tr>
 * <td>Programs and skipped tests</td>
 * <td>{@code RequiresProgram}, {@code Program}, {@code SkippedTests}</td>
 * </tr>
 * <tr>
 * <td>Cases that run beside each other</td>
 * <td>{@code BackgroundRun}</td>
 * </tr>
 * </table>
 */
package io.github.httppool.testing;
