package io.github.httppool.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Program} and {@link RequiresProgram}.
 */
@Tag("waiting")
class ProgramTests {

	private static final Map<String, Program> USES = Map.of("Nginx", Program.NGINX, "HaProxy", Program.HAPROXY,
			"TinyProxy", Program.TINYPROXY, "MicroSocks", Program.MICROSOCKS, "FakeTime", Program.FAKETIME);

	@TempDir
	private Path folder;

	@Test
	void aProgramIsFoundOnThePathAndInSbinBesideIt() throws IOException {
		String bin = directory("usr/bin");
		Path inSbin = executable("usr/sbin/nginx");
		assertThat(Program.NGINX.find(path(directory("other"), bin))).hasValue(inSbin);
		Path inBin = executable("usr/bin/nginx");
		assertThat(Program.NGINX.find(path("", bin))).hasValue(inBin);
	}

	@Test
	void aProgramThatIsNotOnThePathIsHidden() throws IOException {
		executable("usr/sbin/nginx");
		assertThat(Program.NGINX.find(directory("links"))).isEmpty();
		assertThat(Program.NGINX.find(null)).isEmpty();
		Files.writeString(Path.of(directory("text")).resolve("nginx"), "not executable");
		assertThat(Program.NGINX.find(directory("text"))).isEmpty();
	}

	@Test
	void aMissingProgramSkipsItsTestsAndInCiFailsThem() throws IOException {
		String nothing = directory("nothing");
		String message = "nginx is not installed (apt-get install nginx-light)";
		assertThatExceptionOfType(TestAbortedException.class).isThrownBy(() -> Program.NGINX.require(nothing, false))
			.withMessage(message);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> Program.NGINX.require(nothing, true))
			.withMessageStartingWith(message);
	}

	@Test
	void testsAreSkippedBeforeTheyBeginForTheFirstProgramThatIsMissing() throws IOException {
		executable("bin/nginx");
		String bin = directory("bin");
		var skipped = RequiresProgram.Condition.evaluate(NeedsTwo.class, bin, false);
		assertThat(skipped.isDisabled()).isTrue();
		assertThat(skipped.getReason()).hasValue("haproxy is not installed (apt-get install haproxy)");
		assertThat(RequiresProgram.Condition.evaluate(NeedsTwo.class, bin, true).isDisabled()).isFalse();
		executable("bin/haproxy");
		assertThat(RequiresProgram.Condition.evaluate(NeedsTwo.class, bin, false).isDisabled()).isFalse();
		assertThat(RequiresProgram.Condition.evaluate(ProgramTests.class, bin, false).isDisabled()).isFalse();
	}

	@Test
	void everyTestClassThatUsesAProgramSaysSo() {
		JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.OnlyIncludeTests())
			.importPackages("io.github.httppool");
		for (JavaClass type : classes) {
			if (type.getSimpleName().endsWith("Tests")) {
				Set<Program> used = EnumSet.noneOf(Program.class);
				type.getMethodCallsFromSelf().forEach((call) -> {
					Program program = USES.get(call.getTargetOwner().getSimpleName());
					if (program != null && call.getTarget().getRawReturnType().equals(call.getTargetOwner())) {
						used.add(program);
					}
				});
				assertThat(declared(type)).as("@RequiresProgram of %s and its methods", type.getName())
					.containsAll(used);
			}
		}
		assertThat(declared(classes.get("io.github.httppool.hc5.pool.ServerReloadTests"))).contains(Program.NGINX);
	}

	private static Set<Program> declared(JavaClass type) {
		Set<Program> declared = EnumSet.noneOf(Program.class);
		type.tryGetAnnotationOfType(RequiresProgram.class)
			.ifPresent((annotation) -> declared.addAll(Set.of(annotation.value())));
		type.getMethods()
			.forEach((method) -> method.tryGetAnnotationOfType(RequiresProgram.class)
				.ifPresent((annotation) -> declared.addAll(Set.of(annotation.value()))));
		return declared;
	}

	private Path executable(String name) throws IOException {
		Path file = this.folder.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, "#!/bin/sh\n");
		return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	private String directory(String name) throws IOException {
		return Files.createDirectories(this.folder.resolve(name)).toString();
	}

	private static String path(String... directories) {
		return String.join(File.pathSeparator, directories);
	}

	@RequiresProgram({ Program.NGINX, Program.HAPROXY })
	private static final class NeedsTwo {

	}

}
