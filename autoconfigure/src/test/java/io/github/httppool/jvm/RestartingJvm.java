package io.github.httppool.jvm;

import java.io.File;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.httppool.testing.Pause;

/**
 * Starts and closes an application again and again, each time with classes of its own for
 * everything of ours, as DevTools does with the classes of an application.
 */
public final class RestartingJvm {

	private RestartingJvm() {
	}

	/**
	 * Run.
	 * @param arguments URL of an upstream, and how often to start
	 */
	public static void main(String[] arguments) throws Exception {
		List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
		// Spring Boot keeps the class loader of the first start of a JVM for good: in its
		// shutdown hooks, and in what it binds properties with.
		RestartedApplication.run(arguments[0]);
		long sockets = sockets();
		for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
			run(arguments[0], loaders);
		}
		for (int i = 0; i < 100 && (left(loaders) > 0 || !threads().isEmpty()); i++) {
			System.gc();
			Pause.ofMillis(100);
		}
		System.out.println("restarts: " + loaders.size());
		System.out.println("class loaders left: " + left(loaders));
		System.out.println("threads left: " + threads());
		System.out.println("further sockets: " + Math.max(0, sockets() - sockets));
	}

	private static void run(String upstream, List<WeakReference<ClassLoader>> loaders) throws Exception {
		OwnClasses loader = new OwnClasses();
		loaders.add(new WeakReference<>(loader));
		Throwable[] failure = new Throwable[1];
		Thread main = new Thread(() -> {
			try {
				loader.loadClass("io.github.httppool.jvm.RestartedApplication")
					.getMethod("run", String.class)
					.invoke(null, upstream);
			}
			catch (Throwable ex) {
				failure[0] = ex;
			}
		}, "restarted");
		main.setContextClassLoader(loader);
		main.start();
		main.join();
		if (failure[0] != null) {
			throw new IllegalStateException(failure[0]);
		}
		loader.close();
	}

	private static long left(List<WeakReference<ClassLoader>> loaders) {
		return loaders.stream().map(WeakReference::get).filter(Objects::nonNull).count();
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("http-pool")
					|| thread.getContextClassLoader() instanceof OwnClasses)
			.map(Thread::getName)
			.toList();
	}

	private static long sockets() throws IOException {
		long sockets = 0;
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			for (Path descriptor : descriptors.toList()) {
				try {
					sockets += Files.readSymbolicLink(descriptor).toString().startsWith("socket:") ? 1 : 0;
				}
				catch (IOException ex) {
					// That of the list.
				}
			}
		}
		return sockets;
	}

	/**
	 * Loads our classes itself, and has all others from the class path.
	 */
	private static final class OwnClasses extends URLClassLoader {

		OwnClasses() {
			super(locations(), RestartingJvm.class.getClassLoader());
		}

		private static URL[] locations() {
			return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
				.map(Path::of)
				.filter(OurModules::isOurs)
				.map(OwnClasses::url)
				.toArray(URL[]::new);
		}

		private static URL url(Path element) {
			try {
				return element.toUri().toURL();
			}
			catch (MalformedURLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.startsWith("io.github.httppool.")) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : findClass(name);
			}
		}

	}

}
