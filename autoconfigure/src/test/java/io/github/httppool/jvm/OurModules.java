package io.github.httppool.jvm;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

import io.github.httppool.HttpPool;
import io.github.httppool.autoconfigure.HttpPoolAutoConfiguration;

/**
 * Finds the modules of this project on the class path of the tests. Each is a directory
 * of classes, or a jar if the build has packaged it before.
 */
public final class OurModules {

	private OurModules() {
	}

	/**
	 * Return the locations of the core and of the auto-configuration.
	 */
	public static List<Path> locations() {
		return List.of(locationOf(HttpPool.class), locationOf(HttpPoolAutoConfiguration.class));
	}

	/**
	 * Return whether an element of the class path has classes of this project, tests and
	 * fixtures included.
	 */
	static boolean isOurs(Path element) {
		return element.resolve("io/github/httppool").toFile().isDirectory()
				|| element.getFileName().toString().startsWith("http-pool-");
	}

	/**
	 * Return the directory or jar that a class is loaded from.
	 */
	public static Path locationOf(Class<?> type) {
		try {
			return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
