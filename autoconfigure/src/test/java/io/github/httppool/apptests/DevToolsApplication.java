package io.github.httppool.apptests;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.github.httppool.HttpPools;
import io.github.httppool.testing.Pause;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/**
 * Restarts itself with DevTools, as a change of a class does, and prints what it meets.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class DevToolsApplication {

	private static final String LOADERS = DevToolsApplication.class.getName();

	/**
	 * Start.
	 * @param arguments URL of an upstream, how often to start, and whether there are
	 * pools
	 */
	@SuppressWarnings("unchecked")
	public static void main(String[] arguments) throws Exception {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(DevToolsApplication.class)
			.web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.devtools.livereload.enabled=false", "http-pool.enabled=" + arguments[2])
			.run(arguments);
		// The restarted classes have statics of their own.
		List<WeakReference<ClassLoader>> loaders = (List<WeakReference<ClassLoader>>) System.getProperties()
			.computeIfAbsent(LOADERS, (key) -> new ArrayList<WeakReference<ClassLoader>>());
		loaders.add(new WeakReference<>(DevToolsApplication.class.getClassLoader()));
		String body = context.getBean(RestClient.Builder.class)
			.build()
			.get()
			.uri(arguments[0])
			.retrieve()
			.body(String.class);
		System.out.println("start " + loaders.size() + " in "
				+ DevToolsApplication.class.getClassLoader().getClass().getSimpleName() + ": " + body + ", "
				+ calls(context));
		if (loaders.size() < Integer.parseInt(arguments[1])) {
			new Thread(DevToolsApplication::restart).start();
			return;
		}
		for (int i = 0; i < 50 && left(loaders) > 2; i++) {
			System.gc();
			Pause.ofMillis(100);
		}
		System.out.println("class loaders left: " + left(loaders));
		System.out.println("pool threads: " + Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("http-pool"))
			.count());
		System.exit(0);
	}

	private static String calls(ConfigurableApplicationContext context) {
		HttpPools pools = context.getBeanProvider(HttpPools.class).getIfAvailable();
		return (pools != null) ? pools.get("default").snapshot().totals().calls() + " call" : "no pool";
	}

	private static void restart() {
		try {
			Class<?> restarter = Class.forName("org.springframework.boot.devtools.restart.Restarter");
			restarter.getMethod("restart").invoke(restarter.getMethod("getInstance").invoke(null));
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static long left(List<WeakReference<ClassLoader>> loaders) {
		return loaders.stream().map(WeakReference::get).filter(Objects::nonNull).count();
	}

}
