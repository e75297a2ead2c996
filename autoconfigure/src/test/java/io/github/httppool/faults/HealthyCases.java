package io.github.httppool.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.testing.HaProxy;
import io.github.httppool.testing.Nginx;
import io.github.httppool.testing.Pause;
import io.github.httppool.testing.SampledPool;
import io.github.httppool.testing.ScriptedUpstream;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * Workloads of every day, most of them over a pool with its default settings.
 */
final class HealthyCases {

	private static final Duration PAUSE = Duration.ofMillis(10);

	private static final ScriptedUpstream.Script HELLO = (exchange) -> exchange.ok("hello");

	private HealthyCases() {
	}

	static List<HealthyCase> cases() {
		return List.of(

				new HealthyCase("bursts", "40 calls at the same time, every 300 ms.", (scene) -> {
					ScriptedUpstream upstream = upstream(scene, HELLO);
					SampledPool pool = defaults(scene);
					ReuseCases.bursts(scene, 40, Duration.ofMillis(300), () -> pool.get(upstream.url()));
				}),

				new HealthyCase("slow server", "10 callers of a server that takes 500 ms.", (scene) -> {
					ScriptedUpstream upstream = upstream(scene,
							(exchange) -> exchange.after(Duration.ofMillis(500)).ok("hello"));
					SampledPool pool = defaults(scene);
					scene.callers(10, Duration.ZERO, () -> pool.get(upstream.url()));
				}),

				new HealthyCase("many routes", "80 routes, called in turn.", (scene) -> {
					ScriptedUpstream upstream = upstream(scene, HELLO);
					SampledPool pool = defaults(scene);
					AtomicInteger next = new AtomicInteger();
					scene.callers(2, PAUSE, () -> pool
						.get("http://host-%d.test:%d".formatted(next.getAndIncrement() % 80, upstream.port())));
				}),

				new HealthyCase("big bodies", "Files of 2 MB from nginx, read to the end.", (scene) -> {
					Nginx nginx = scene.use(Nginx.start("", "").publish("big", new byte[2 * 1024 * 1024]));
					SampledPool pool = defaults(scene);
					scene.callers(2, Duration.ofMillis(30), () -> pool.get(nginx.url() + "/big"));
				}),

				new HealthyCase("idle", "A few calls, then none.", (scene) -> {
					ScriptedUpstream upstream = upstream(scene, HELLO);
					SampledPool pool = defaults(scene);
					for (int i = 0; i < 5; i++) {
						pool.get(upstream.url());
					}
				}),

				new HealthyCase("TLS", "4 callers of nginx over TLS 1.3 that begin at the same moment.", (scene) -> {
					Nginx nginx = scene.use(Nginx.tls("TLSv1.3", "", "location / { return 200 hello; }"));
					SampledPool pool = defaults(scene);
					scene.callers(4, Duration.ofMillis(20), () -> pool.get(nginx.url()));
				}),

				new HealthyCase("TLS without keep-alive",
						"`keep-alive=false`, and a server that resumes the sessions of TLS.", (scene) -> {
							ScriptedUpstream upstream = scene.use(ScriptedUpstream.tls(HELLO).resumeSessions());
							SampledPool pool = scene.pool((settings) -> settings.keepAlive(false));
							scene.callers(1, Duration.ofMillis(30), () -> pool.get(upstream.url()));
						}),

				new HealthyCase("1,000 requests a connection", "nginx with its default `keepalive_requests`.",
						(scene) -> {
							Nginx nginx = scene.use(Nginx.start("", "location / { return 200 hello; }"));
							SampledPool pool = defaults(scene);
							scene.callers(2, Duration.ofMillis(1), () -> pool.get(nginx.url()));
						}),

				new HealthyCase("small unread bodies", "Bodies of 1 KB from nginx that the caller does not read.",
						(scene) -> {
							Nginx nginx = scene.use(Nginx.start("", "").publish("small", new byte[1024]));
							SampledPool pool = defaults(scene);
							scene.callers(4, PAUSE, () -> pool.ignore(nginx.url() + "/small"));
						}),

				new HealthyCase("at the limit", "As many callers as connections: 8 over `max-per-route=8`.",
						(scene) -> {
							ScriptedUpstream upstream = upstream(scene,
									(exchange) -> exchange.after(Duration.ofMillis(20)).ok("hello"));
							SampledPool pool = scene.pool((settings) -> settings.maxPerRoute(8));
							scene.callers(8, Duration.ZERO, () -> pool.get(upstream.url()));
						}),

				new HealthyCase("redirects", "Each call is redirected once.", (scene) -> {
					ScriptedUpstream upstream = upstream(scene, (exchange) -> {
						if (exchange.path().equals("/old")) {
							exchange.status(302, "moved", "Location: /new");
						}
						else {
							exchange.ok("hello");
						}
					});
					SampledPool pool = defaults(scene);
					scene.callers(4, PAUSE, () -> pool.get(upstream.url() + "/old"));
				}),

				new HealthyCase("uploads", "Bodies of 100 KB with `Expect: 100-continue`.", (scene) -> {
					ScriptedUpstream upstream = upstream(scene, HELLO);
					SampledPool pool = defaults(scene);
					scene.callers(2, PAUSE, () -> {
						HttpPost post = new HttpPost(upstream.uri("/upload"));
						post.setHeader("Expect", "100-continue");
						post.setEntity(new StringEntity("x".repeat(100_000)));
						pool.read(post);
					});
				}),

				new HealthyCase("short time-to-live", "`time-to-live=200ms`, as configured.", (scene) -> {
					ScriptedUpstream upstream = upstream(scene, HELLO);
					SampledPool pool = scene.pool((settings) -> settings.timeToLive(Duration.ofMillis(200)));
					scene.callers(4, Duration.ofMillis(50), () -> pool.get(upstream.url()));
				}),

				new HealthyCase("slow stream",
						"A response that brings a byte every 300 ms, and whose caller waits for it.", (scene) -> {
							ScriptedUpstream upstream = upstream(scene,
									(exchange) -> exchange.dripData(Duration.ofMillis(300)));
							SampledPool pool = defaults(scene);
							scene.callers(1, PAUSE, () -> {
								try (var response = pool.open(upstream.url())) {
									response.getEntity().getContent().readNBytes(20);
								}
							});
						}),

				new HealthyCase("errors", "A server that answers 500 to every third call.", (scene) -> {
					AtomicInteger served = new AtomicInteger();
					ScriptedUpstream upstream = upstream(scene,
							(exchange) -> exchange.status((served.incrementAndGet() % 3 == 0) ? 500 : 200, "hello"));
					SampledPool pool = defaults(scene);
					scene.callers(4, PAUSE, () -> pool.get(upstream.url()));
				}),

				new HealthyCase("reload", "nginx is reloaded during the run, which closes its connections once.",
						(scene) -> {
							Nginx nginx = scene.use(Nginx.start("", "location / { return 200 hello; }"));
							SampledPool pool = defaults(scene);
							scene.callers(4, PAUSE, () -> pool.get(nginx.url()));
							Pause.ofMillis(1000);
							nginx.reload();
						}),

				new HealthyCase("evictions", "An operator closes all idle connections five times a second.",
						(scene) -> {
							ScriptedUpstream upstream = upstream(scene, HELLO);
							SampledPool pool = defaults(scene);
							scene.callers(10, Duration.ofMillis(100), () -> pool.get(upstream.url()));
							scene.callers(1, Duration.ofMillis(200), pool::evict);
						}),

				new HealthyCase("resizes",
						"The limits go from 200 to 6 and back again and again, which closes 20 connections at first.",
						(scene) -> {
							ScriptedUpstream upstream = upstream(scene, HELLO);
							SampledPool pool = defaults(scene);
							List<CloseableHttpResponse> open = new ArrayList<>();
							for (int i = 0; i < 20; i++) {
								open.add(pool.open(upstream.url()));
							}
							for (CloseableHttpResponse response : open) {
								response.close();
							}
							scene.callers(4, PAUSE, () -> pool.get(upstream.url()));
							scene.callers(1, Duration.ofMillis(300), () -> {
								pool.resize(6, 6);
								pool.resize(200, 50);
							});
						}),

				new HealthyCase("proxy", "HAProxy in front of the server.", (scene) -> {
					ScriptedUpstream upstream = upstream(scene, HELLO);
					HaProxy proxy = scene.use(HaProxy.start("", "server one 127.0.0.1:" + upstream.port()));
					SampledPool pool = defaults(scene);
					scene.callers(4, PAUSE, () -> pool.get(proxy.url()));
				}));
	}

	private static ScriptedUpstream upstream(Scene scene, ScriptedUpstream.Script script) {
		return scene.use(ScriptedUpstream.plain(script));
	}

	private static SampledPool defaults(Scene scene) {
		return scene.pool((settings) -> {
		});
	}

}
