package io.github.httppool.jvm;

import java.util.concurrent.CountDownLatch;

import io.github.httppool.testing.Pause;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.web.client.RestClient;

/**
 * An application that has work to do when its JVM exits.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ExitingApplication {

	private final CountDownLatch closing = new CountDownLatch(1);

	/**
	 * Run it.
	 * @param arguments where to call, and properties
	 */
	public static void main(String... arguments) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(ExitingApplication.class)
			.web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.task.execution.shutdown.await-termination=true",
					"spring.task.execution.shutdown.await-termination-period=60s")
			.run(arguments);
		RestClient client = context.getBean("client", RestClient.class);
		ExitingApplication application = context.getBean(ExitingApplication.class);
		context.getBean(AsyncTaskExecutor.class).execute(() -> application.work(client, arguments[0]));
		System.exit(0);
	}

	private void work(RestClient client, String upstream) {
		try {
			this.closing.await();
			for (int i = 0; i < 5; i++) {
				// Long after all lifecycle beans have stopped.
				Pause.ofMillis(100);
				System.out.println("call " + i + ": " + client.get().uri(upstream).retrieve().body(String.class));
			}
		}
		catch (Exception ex) {
			System.out.println("failed: " + ex);
		}
	}

	@EventListener
	void closes(ContextClosedEvent event) {
		this.closing.countDown();
	}

	@Bean
	RestClient client(RestClient.Builder builder) {
		return builder.build();
	}

}
