package io.github.httppool.jvm;

import java.io.File;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.github.httppool.testing.Pause;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/**
 * A servlet container that deploys an application, calls and undeploys it, again and
 * again. Runs with nothing but Tomcat on its class path, as a server does.
 */
public final class UndeployingServer {

	private UndeployingServer() {
	}

	/**
	 * Run.
	 * @param arguments directory of the application, a directory for Tomcat, and how
	 * often to deploy
	 */
	public static void main(String[] arguments) {
		int status = 1;
		try {
			run(new File(arguments[0]), new File(arguments[1]), Integer.parseInt(arguments[2]));
			status = 0;
		}
		catch (Throwable ex) {
			ex.printStackTrace();
		}
		// Threads of Tomcat would keep the JVM alive.
		System.exit(status);
	}

	private static void run(File application, File directory, int times) throws Exception {
		Files.createDirectories(directory.toPath().resolve("webapps"));
		Tomcat tomcat = new Tomcat();
		tomcat.setBaseDir(directory.getPath());
		tomcat.setPort(0);
		tomcat.getHost().setAutoDeploy(false);
		tomcat.getConnector();
		tomcat.start();
		List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			loaders.add(deployCallAndUndeploy(tomcat, application, "/app" + i));
		}
		for (int i = 0; i < 100 && left(loaders) > 0; i++) {
			System.gc();
			Pause.ofMillis(100);
		}
		System.out.println("class loaders left: " + left(loaders));
		System.out.println("threads left: " + threads());
	}

	private static WeakReference<ClassLoader> deployCallAndUndeploy(Tomcat tomcat, File application, String path)
			throws Exception {
		Context context = tomcat.addWebapp(path, application.getAbsolutePath());
		int port = tomcat.getConnector().getLocalPort();
		try (InputStream answer = URI.create("http://localhost:" + port + path + "/call").toURL().openStream()) {
			System.out.println("answer: " + new String(answer.readAllBytes()));
		}
		WeakReference<ClassLoader> loader = new WeakReference<>(context.getLoader().getClassLoader());
		context.stop();
		tomcat.getHost().removeChild(context);
		context.destroy();
		return loader;
	}

	private static long left(List<WeakReference<ClassLoader>> loaders) {
		return loaders.stream().map(WeakReference::get).filter(Objects::nonNull).count();
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.contains("http-pool"))
			.toList();
	}

}
