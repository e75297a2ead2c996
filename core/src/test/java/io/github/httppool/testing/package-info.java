/**
 * Fixtures for the tests of all modules: pools and callers, and the servers, proxies and
 * networks around them. A fixture that needs an installed program skips its tests if the
 * program is missing, and fails them in CI.
 * <p>
 * Start with {@link io.github.httppool.testing.PoolFixture}, a pool without Spring, and
 * {@link io.github.httppool.testing.ScriptedUpstream}, a server whose responses, correct
 * or broken, a test writes byte by byte: <pre class="code">
 * try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -&gt; exchange.ok("hello"));
 *         PoolFixture pool = PoolFixture.with((settings) -&gt; settings.maxPerRoute(2))) {
 *     assertThat(pool.get(upstream.uri("/"))).isEqualTo("hello");
 *     pool.assertConnections(1, Map.of());
 * }
 * </pre>
 * <table>
 * <caption>Fixtures by subject</caption>
 * <tr>
 * <th>subject</th>
 * <th>fixture</th>
 * </tr>
 * <tr>
 * <td>Pools</td>
 * <td>{@code PoolFixture}; {@code SampledPool} reaches its findings in seconds</td>
 * </tr>
 * <tr>
 * <td>Callers</td>
 * <td>{@code CallerThread} (one), {@code Crowd} (many at the same time), {@code CallKind}
 * (what they do with a response)</td>
 * </tr>
 * <tr>
 * <td>What a pool reports</td>
 * <td>{@code RecordedEvents} (every event), {@code ConnectionRecords} (connections of
 * very many calls), {@code LoggedLines}, {@code LeakLog}, {@code ExplainedFailure}
 * (exceptions as Spring's clients see them), {@code Sampler} (limits hold at each
 * moment)</td>
 * </tr>
 * <tr>
 * <td>Waiting and pausing</td>
 * <td>{@code Soon} (await a condition), {@code Pause} (let time pass, where time is the
 * subject)</td>
 * </tr>
 * <tr>
 * <td>Servers in the JVM</td>
 * <td>{@code ScriptedUpstream}, {@code StrictServer} (parses requests strictly),
 * {@code Relay} (a slow path to a server)</td>
 * </tr>
 * <tr>
 * <td>Messages</td>
 * <td>{@code RawAnswer} (a response and what is expected of it), {@code ScriptedEntity}
 * (a request body), {@code RandomResponse}, {@code Mutation}, {@code MutatedExchange}
 * </td>
 * </tr>
 * <tr>
 * <td>Parameters of tests</td>
 * <td>{@code Transport} (with and without TLS), {@code Framing}, {@code Coding}</td>
 * </tr>
 * <tr>
 * <td>Installed servers</td>
 * <td>{@code Nginx}, {@code HaProxy}, {@code Prometheus}</td>
 * </tr>
 * <tr>
 * <td>Proxies</td>
 * <td>{@code TinyProxy}, {@code MicroSocks}, {@code SocksScript}</td>
 * </tr>
 * <tr>
 * <td>Addresses and DNS</td>
 * <td>{@code FixedAddresses} (a resolver), {@code ClosedPort}, {@code DeadAddress},
 * {@code SlowAddress}, {@code DnsServer}, {@code NetworkNamespace}</td>
 * </tr>
 * <tr>
 * <td>Certificates</td>
 * <td>{@code TestCertificates}</td>
 * </tr>
 * <tr>
 * <td>Pages</td>
 * <td>{@code Browser}</td>
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
 * <td>Cases that run in parallel</td>
 * <td>{@code BackgroundRun}</td>
 * </tr>
 * </table>
 */
package io.github.httppool.testing;
