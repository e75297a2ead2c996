package io.github.httppool.jvm;

import java.io.File;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for JVMs that lack what the pool uses only if it is there.
 */
@Tag("slow")
@Timeout(300)
class OptionalPartsTests {

	/** As of an image that jlink made. */
	private static final String WITHOUT_JFR = "--limit-modules=java.se,jdk.unsupported,jdk.crypto.ec,jdk.management,jdk.net";

	@Test
	void aJvmWithoutFlightRecorderRecordsNothing() throws Exception {
		assertThat(ForkedJvm.withTheClassPathOfTheTests()
			.options(WITHOUT_JFR)
			.run(OptionalPartsApplication.class.getName())).contains("jdk.jfr false", "micrometer true")
			.contains("held hello repeated", "DRAIN_BYTES=1");
	}

	@Test
	void anApplicationWithoutMicrometerHasNoEvents() throws Exception {
		List<String> classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.matches(".*(micrometer|actuator|restclient|telemetry|prometheus).*"))
			.toList();
		assertThat(ForkedJvm.with(classPath).run(OptionalPartsApplication.class.getName()))
			.contains("jdk.jfr true", "micrometer false")
			.contains("held hello repeated", "DRAIN_BYTES=1");
	}

	@Test
	void withoutARecordingNoPartOfFlightRecorderStarts() throws Exception {
		assertThat(ForkedJvm.withTheClassPathOfTheTests()
			.options("-Xlog:class+load")
			.run(OptionalPartsApplication.class.getName())).contains("jdk.jfr true", "observe.JfrEvents ")
			.doesNotContain("observe.JfrConnectEvent", "observe.JfrCloseEvent", "jdk.jfr.internal.MetadataRepository");
	}

}
