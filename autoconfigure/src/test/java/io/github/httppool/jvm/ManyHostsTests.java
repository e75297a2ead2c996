package io.github.httppool.jvm;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a pool remembers of its routes is bounded by number. {@code -Dmany-hosts=} sets
 * how many hosts are called, each of them once; without it, so few that the build is not
 * held up.
 */
@Tag("slow")
@Timeout(300)
class ManyHostsTests {

	/** Enough to see the heap grow if each of them were remembered. */
	private static final int HOSTS = Integer.getInteger("many-hosts", 5_000);

	@Test
	void manyHostsFitIntoASmallHeap() throws Exception {
		String printed = ForkedJvm.withTheClassPathOfTheTests()
			.options("-Xmx64m", "-XX:+UseSerialGC", "-Xss256k")
			.run(ManyHostsApplication.class.getName(), Integer.toString(HOSTS));
		Map<String, Long> numbers = new HashMap<>();
		for (String number : printed.lines().filter((line) -> line.startsWith("calls=")).findFirst().get().split(" ")) {
			numbers.put(number.substring(0, number.indexOf('=')),
					Long.parseLong(number.substring(number.indexOf('=') + 1)));
		}
		assertThat(numbers).as(printed)
			.containsEntry("calls", (long) HOSTS)
			.containsEntry("opened", (long) HOSTS)
			.containsEntry("shown", 50L);
		assertThat(numbers.get("routes")).isLessThanOrEqualTo(1200).isEqualTo(numbers.get("routeCount"));
		assertThat(numbers.get("tags")).as("100 and other").isEqualTo(101);
		assertThat(numbers.get("total")).as("connections").isLessThanOrEqualTo(200);
		assertThat(numbers.get("grown")).as("KB of the heap").isLessThan(8 * 1024);
	}

}
