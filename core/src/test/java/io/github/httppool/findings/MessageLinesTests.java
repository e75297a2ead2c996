package io.github.httppool.findings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the layout of messages.
 */
class MessageLinesTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "Short", "No connection with http://10.1.2.3:80 (pool 'default'): it took 1.5s",
			"It failed. Check it" })
	void whatFitsInALineIsOne(String message) {
		assertThat(MessageLines.of(message)).isEqualTo(message);
	}

	@Test
	void eachSentenceHasALineOfItsOwn() {
		String where = "https://" + "x".repeat(150) + ".example";
		assertThat(MessageLines.of("It failed at 1.5s. The limit is 3s. Check " + where))
			.isEqualTo("It failed at 1.5s.\n  The limit is 3s.\n  Check " + where);
	}

	@Test
	void aLongSentenceIsBrokenBehindItsMarks() {
		String message = "Of these: " + "10.1.2.3:80 failed after 3ms (Connection refused), ".repeat(9) + "none";
		assertThat(MessageLines.of(message).lines()).hasSizeGreaterThan(2)
			.allSatisfy(
					(line) -> assertThat(line).hasSizeLessThanOrEqualTo(MessageLines.LONGEST).matches(".*(,|none)"));
		assertThat(MessageLines.of(message).replace("\n  ", " ")).isEqualTo(message);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 170, 178, 179, 180, 181, 400, 5000 })
	void noLineIsTooLongWhateverAMessageContains(int length) {
		String message = "GET /" + "x".repeat(length) + " failed (pool 'default'). Check " + "y".repeat(length);
		String lines = MessageLines.of(message);
		assertThat(lines.lines()).allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(MessageLines.LONGEST));
		assertThat(lines).startsWith("GET").contains("failed (pool 'default').");
		assertThat(MessageLines.of(lines)).isEqualTo(lines);
	}

}
