package io.github.httppool.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.opentest4j.TestAbortedException;

/**
 * A program of the machine that tests need. Where it is not installed, its tests are
 * skipped; in CI they fail. To hide a program from the tests, leave it out of
 * {@code PATH}.
 */
public enum Program {

	NGINX("nginx-light"), HAPROXY("haproxy"), TINYPROXY("tinyproxy-bin"), MICROSOCKS("microsocks"),
	PROMETHEUS("prometheus"), PROMTOOL("prometheus"), IP("iproute2"), UNSHARE("util-linux"), CHROMIUM("chromium"),
	CHROMEDRIVER("chromium-driver"),

	/** The program is not used, but the library that is installed with it. */
	FAKETIME("faketime");

	private final String debianPackage;

	Program(String debianPackage) {
		this.debianPackage = debianPackage;
	}

	/**
	 * Return where the program is, and end the test where it is missing.
	 * @throws TestAbortedException if it is missing
	 * @throws AssertionError if it is missing in CI
	 */
	public Path require() {
		return require(System.getenv("PATH"), isCi());
	}

	Path require(String path, boolean ci) {
		Optional<Path> program = find(path);
		if (program.isEmpty() && ci) {
			throw new AssertionError(missing() + ". In CI its tests must not be skipped");
		}
		return program.orElseThrow(() -> new TestAbortedException(missing()));
	}

	/**
	 * Return where the program is.
	 * @param path directories, of which each {@code bin} stands for the {@code sbin}
	 * beside it as well: Debian installs servers there, which is on the {@code PATH} of
	 * root alone
	 */
	Optional<Path> find(String path) {
		return Stream.of(((path != null) ? path : "").split(File.pathSeparator))
			.filter((entry) -> !entry.isEmpty())
			.map(Path::of)
			.flatMap((directory) -> directory.endsWith("bin") ? Stream.of(directory, directory.resolveSibling("sbin"))
					: Stream.of(directory))
			.map((directory) -> directory.resolve(toString()))
			.filter((file) -> Files.isRegularFile(file) && Files.isExecutable(file))
			.map(Path::toAbsolutePath)
			.findFirst();
	}

	/**
	 * Return the message for tests that need the missing program.
	 */
	String missing() {
		return this + " is not installed (apt-get install " + this.debianPackage + ")";
	}

	static boolean isCi() {
		String ci = System.getenv("CI");
		return ci != null && !ci.isEmpty();
	}

	/**
	 * Return the program's name.
	 */
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
