package io.github.httppool.benchmarks.fork;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A class path with one entry for each jar, so that single jars can be replaced.
 *
 * @param entries the directories and jars
 */
public record ClassPath(List<String> entries) {

	private static final String CLASSES = Path.of("target", "classes").toString();

	/** Modules that are not part of the library. */
	private static final Set<String> APPLICATIONS = Set.of("benchmarks", "sample-app");

	/**
	 * Return the class path of this process.
	 * @return the class path
	 * @throws IOException if the jar of the benchmarks cannot be read
	 */
	public static ClassPath current() throws IOException {
		List<String> entries = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path libraries = Path.of(entry).resolveSibling("lib");
			if (entry.endsWith(".jar") && Files.isDirectory(libraries)) {
				entries.add(withoutLibraries(Path.of(entry)));
				entries.addAll(list(libraries));
			}
			else {
				entries.add(entry);
			}
		}
		return new ClassPath(entries);
	}

	/**
	 * Copy the jar of the benchmarks: the class path in its manifest is relative, and
	 * names nothing where the copy is.
	 */
	private static String withoutLibraries(Path jar) throws IOException {
		Path copy = Files.createTempFile("http-pool-benchmarks", ".jar");
		copy.toFile().deleteOnExit();
		return Files.copy(jar, copy, StandardCopyOption.REPLACE_EXISTING).toString();
	}

	/**
	 * Return this class path without the library that is measured.
	 * @return the class path
	 */
	public ClassPath withoutLibrary() {
		return new ClassPath(this.entries.stream().filter((entry) -> !isOfLibrary(Path.of(entry))).toList());
	}

	/**
	 * Return this class path with another build of the library.
	 * @param build the folder of the project, compiled, or directories and jars separated
	 * as on a class path
	 * @return the class path
	 * @throws IOException if there is no such build
	 */
	public ClassPath withLibrary(String build) throws IOException {
		List<String> replaced = new ArrayList<>();
		for (String part : build.split(File.pathSeparator)) {
			Path path = Path.of(part);
			List<String> found = Files.isRegularFile(path.resolve("pom.xml")) ? classesOfModules(path)
					: Files.exists(path) ? List.of(part) : List.of();
			if (found.isEmpty()) {
				throw new IOException("There is no build of the library in '" + part + "'");
			}
			replaced.addAll(found);
		}
		replaced.addAll(withoutLibrary().entries());
		return new ClassPath(replaced);
	}

	private static List<String> classesOfModules(Path project) throws IOException {
		return list(project).stream()
			.filter((module) -> !APPLICATIONS.contains(Path.of(module).getFileName().toString()))
			.map((module) -> Path.of(module, CLASSES))
			.filter(Files::isDirectory)
			.map(Path::toString)
			.toList();
	}

	private static boolean isOfLibrary(Path entry) {
		String name = entry.getFileName().toString();
		return entry.endsWith(CLASSES) ? !entry.getParent().getParent().endsWith("benchmarks")
				: name.startsWith("http-pool-") && !name.startsWith("http-pool-benchmarks");
	}

	private static List<String> list(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.sorted().map(Path::toString).toList();
		}
	}

	@Override
	public String toString() {
		return String.join(File.pathSeparator, this.entries);
	}

}
