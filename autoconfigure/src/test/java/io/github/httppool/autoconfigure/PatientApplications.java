package io.github.httppool.autoconfigure;

import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpSession;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.context.annotation.SessionScope;

/**
 * Applications with work that Spring, or a bean, lets finish when the context closes.
 */
final class PatientApplications {

	private PatientApplications() {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Base {

		@Bean
		LastLifecycle lastLifecycle(ShutdownJournal journal) {
			return new LastLifecycle(journal);
		}

		/** Made once, as most applications do. */
		@Bean
		RestClient client(RestClient.Builder builder) {
			return builder.build();
		}

	}

	static class TaskExecutor extends Base {

		@Bean
		ApplicationRunner tasks(AsyncTaskExecutor applicationTaskExecutor, RestClient client, ShutdownJournal journal) {
			return (arguments) -> {
				for (int i = 0; i < 4; i++) {
					String who = "task " + i;
					applicationTaskExecutor.execute(() -> {
						journal.awaitDestruction();
						journal.call(who, client, 5);
					});
				}
			};
		}

	}

	@EnableScheduling
	static class Scheduler extends Base {

		@Bean
		ApplicationRunner tasks(TaskScheduler scheduler, RestClient client, ShutdownJournal journal) {
			return (arguments) -> scheduler.schedule(() -> {
				journal.awaitDestruction();
				journal.call("scheduled", client, 5);
			}, Instant.now());
		}

	}

	static class SimpleExecutor extends TaskExecutor {

		@Bean
		SimpleAsyncTaskExecutor applicationTaskExecutor() {
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("simple-");
			executor.setTaskTerminationTimeout(30_000);
			return executor;
		}

	}

	static class OwnExecutor extends Base {

		@Bean
		Workers workers(RestClient.Builder builder, ShutdownJournal journal) {
			return new Workers(builder.build(), journal);
		}

	}

	static final class Workers implements AutoCloseable {

		private final ExecutorService threads = Executors.newFixedThreadPool(2);

		Workers(RestClient client, ShutdownJournal journal) {
			for (int i = 0; i < 4; i++) {
				String who = "worker " + i;
				this.threads.execute(() -> {
					journal.awaitDestruction();
					journal.call(who, client, 5);
				});
			}
		}

		@Override
		public void close() throws InterruptedException {
			this.threads.shutdown();
			this.threads.awaitTermination(60, TimeUnit.SECONDS);
		}

	}

	static class Farewells extends Base {

		@Bean
		Farewell byClient(RestClient client, ShutdownJournal journal) {
			return new Farewell(() -> journal.call("by client", client, 2));
		}

		@Bean
		Farewell byBuilder(RestClient.Builder builder, ShutdownJournal journal) {
			RestClient client = builder.build();
			return new Farewell(() -> journal.call("by builder", client, 2));
		}

		/** Nothing shows what it needs before it is destroyed. */
		@Bean
		Farewell byLateBuilder(ObjectProvider<RestClient.Builder> builders, ShutdownJournal journal) {
			return new Farewell(() -> journal.call("by late builder", builders.getObject().build(), 2));
		}

		@EventListener
		void closed(ContextClosedEvent event) {
			RestClient client = event.getApplicationContext().getBean("client", RestClient.class);
			event.getApplicationContext().getBean(ShutdownJournal.class).call("event", client, 2);
		}

	}

	/** Its first bean is there before all others, as Spring Cloud's refresh scope is. */
	static class EarlyBean extends Base {

		@Bean
		static EarlyProcessor earlyProcessor() {
			return new EarlyProcessor();
		}

		@Bean
		ApplicationRunner gives(EarlyProcessor processor, RestClient client, ShutdownJournal journal) {
			return (arguments) -> processor.farewell = () -> journal.call("early", client, 2);
		}

	}

	static final class EarlyProcessor implements BeanDefinitionRegistryPostProcessor, Ordered, DisposableBean {

		private Runnable farewell;

		@Override
		public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		}

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

		@Override
		public void destroy() {
			this.farewell.run();
		}

	}

	static class Lifecycles extends Base {

		@Bean
		Listener first(RestClient client, ShutdownJournal journal) {
			return new Listener("first", Integer.MAX_VALUE, client, journal);
		}

		@Bean
		Listener middle(RestClient client, ShutdownJournal journal) {
			return new Listener("middle", 0, client, journal);
		}

		@Bean
		Listener last(RestClient client, ShutdownJournal journal) {
			return new Listener("last", Integer.MIN_VALUE, client, journal);
		}

	}

	static class Stream extends Base {

		@Bean
		StreamReader reader(RestClient client, ShutdownJournal journal) {
			return new StreamReader(client, journal);
		}

	}

	static final class StreamReader implements DisposableBean {

		private final RestClient client;

		private final ShutdownJournal journal;

		private final Thread thread;

		StreamReader(RestClient client, ShutdownJournal journal) {
			this.client = client;
			this.journal = journal;
			this.thread = new Thread(() -> journal.readStream(client), "reader");
			this.thread.setDaemon(true);
			this.thread.start();
		}

		@Override
		public void destroy() throws InterruptedException {
			this.journal.write("reader", this.client, "/end");
			this.thread.join(60_000);
		}

	}

	@RestController
	static class Web extends Base {

		private final ObjectProvider<Basket> baskets;

		private final ObjectProvider<RestClient> clients;

		private final ShutdownJournal journal;

		Web(ObjectProvider<Basket> baskets, ObjectProvider<RestClient> clients, ShutdownJournal journal) {
			this.baskets = baskets;
			this.clients = clients;
			this.journal = journal;
		}

		@GetMapping("/held")
		String held() {
			this.journal.awaitClosing();
			this.journal.call("request", this.clients.getObject(), 3);
			return "held";
		}

		@GetMapping("/session")
		String session(HttpSession session) {
			return this.baskets.getObject().toString();
		}

		@Bean
		@SessionScope
		Basket basket(RestClient client, ShutdownJournal journal) {
			return new Basket("session", client, journal);
		}

		@Bean
		ServletContextListener contextListener(RestClient client, ShutdownJournal journal) {
			return new ServletContextListener() {

				@Override
				public void contextDestroyed(ServletContextEvent event) {
					journal.call("servlet context", client, 2);
				}

			};
		}

	}

	static class RefreshScoped extends Base {

		@Bean
		@RefreshScope
		Basket refreshed(RestClient client, ShutdownJournal journal) {
			return new Basket("refresh scope", client, journal);
		}

		@Bean
		ApplicationRunner uses(Basket refreshed) {
			return (arguments) -> refreshed.toString();
		}

	}

	static class Basket implements DisposableBean {

		private final String name;

		private final RestClient client;

		private final ShutdownJournal journal;

		Basket(String name, RestClient client, ShutdownJournal journal) {
			this.name = name;
			this.client = client;
			this.journal = journal;
		}

		@Override
		public void destroy() {
			this.journal.call(this.name, this.client, 2);
		}

		@Override
		public String toString() {
			return "basket";
		}

	}

	record Farewell(Runnable call) implements DisposableBean {

		@Override
		public void destroy() {
			this.call.run();
		}

	}

	/** Like a message listener: what it has begun ends in another thread. */
	private static final class Listener implements SmartLifecycle {

		private final String name;

		private final int phase;

		private final RestClient client;

		private final ShutdownJournal journal;

		private volatile boolean running;

		Listener(String name, int phase, RestClient client, ShutdownJournal journal) {
			this.name = name;
			this.phase = phase;
			this.client = client;
			this.journal = journal;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop(Runnable callback) {
			new Thread(() -> {
				stop();
				callback.run();
			}, this.name).start();
		}

		@Override
		public void stop() {
			this.journal.call(this.name, this.client, 3);
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return this.phase;
		}

	}

	/** Tells when no further bean is stopped. */
	static final class LastLifecycle implements SmartLifecycle {

		private final ShutdownJournal journal;

		private volatile boolean running;

		LastLifecycle(ShutdownJournal journal) {
			this.journal = journal;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.journal.lifecyclesAreStopped();
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return Integer.MIN_VALUE;
		}

	}

}
