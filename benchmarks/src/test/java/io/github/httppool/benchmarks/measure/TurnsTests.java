package io.github.httppool.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Turns} and what is made of its slices.
 */
class TurnsTests {

	private final List<String> order = new ArrayList<>();

	private Map<String, List<Slice>> take(int rounds) throws Exception {
		return Turns.take(List.of("base", "new"), rounds, (variant) -> {
			this.order.add(variant);
			double number = this.order.size();
			return new Slice(variant.equals("base") ? number : 2 * number, 1, 100, Double.NaN, Double.NaN, 1);
		});
	}

	@Test
	void eachRoundReversesTheOrderOfTwoVariants() throws Exception {
		take(3);
		assertThat(this.order).containsExactly("base", "new", "new", "base", "base", "new");
	}

	@Test
	void ratiosAreThoseOfTheSameRound() throws Exception {
		Map<String, List<Slice>> slices = take(2);
		assertThat(Slice.ratio(slices.get("new"), slices.get("base"), Slice::callsPerSecond).median())
			.isEqualTo((2 * 2 / 1.0 + 2 * 3 / 4.0) / 2);
	}

	@Test
	void aTableShowsNumbersRatiosAndFailures() throws Exception {
		assertThat(SliceTable.of("a title", take(1), (variant) -> variant)).isEqualTo("""
				### a title

				| | calls/s | ratio | CPU per call, µs | ratio | bytes per call | ratio | failed |
				| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
				| base | 1 | 1.000 (1.000 to 1.000) | 1.0 | 1.000 (1.000 to 1.000) | 100 | 1.000 (1.000 to 1.000) | 1 |
				| new | 4 | 4.000 (4.000 to 4.000) | 1.0 | 1.000 (1.000 to 1.000) | 100 | 1.000 (1.000 to 1.000) | 1 |

				""");
	}

	@Test
	void failedCallsAreCountedAndNotMeasured() throws InterruptedException {
		Slice slice = new Load(1, 20).slice((number) -> {
			if (number % 2 == 1) {
				throw new IllegalStateException("Every second call fails");
			}
		});
		assertThat(slice.failures()).isPositive();
		assertThat(slice.callsPerSecond()).isPositive();
	}

}
