package io.github.httppool.autoconfigure;

import java.util.Map;

import io.github.httppool.CloseReason;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.testing.Nginx;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The pool against a real server.
 */
@RequiresProgram(Program.NGINX)
class NginxTests {

	@Test
	void aServerThatClosesAfterAHundredRequestsCostsNoCall() throws Exception {
		try (Nginx nginx = Nginx.start("keepalive_requests 100;", "location / { return 200 \"hello\\n\"; }")) {
			new ApplicationContextRunner().withUserConfiguration(Application.class).run((context) -> {
				RestClient client = context.getBean("pooledRestClient", RestClient.class);
				for (int call = 0; call < 1000; call++) {
					assertThat(client.get().uri(nginx.url()).retrieve().body(String.class)).isEqualTo("hello\n");
				}
				PoolSnapshot.Totals totals = context.getBean(HttpPools.class).get("default").snapshot().totals();
				assertThat(totals.opened()).isEqualTo(10);
				assertThat(totals.closed()).isEqualTo(Map.of(CloseReason.SERVER_CLOSE, 10L));
			});
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
