package io.github.httppool.findings;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.httppool.CloseReason;
import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import io.github.httppool.findings.Variation.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests variations of each finding: a resize, a worse situation, a similar one, and every
 * change of a running pool. None of them leads to a wrong finding.
 */
class VariationsTests {

	private static final Set<FindingCode> OF_LIMITS = EnumSet.of(FindingCode.POOL_TOO_SMALL,
			FindingCode.TOTAL_LIMIT_BINDS, FindingCode.SLOW_ROUTE, FindingCode.CALLERS_REFUSED,
			// max-idle-per-route is a limit, too.
			FindingCode.LOW_REUSE);

	static List<Variation> variations() {
		return Variations.all();
	}

	@ParameterizedTest
	@MethodSource("variations")
	void nothingElseIsFound(Variation variation) {
		assertThat(variation.found()).isEqualTo(variation.expected());
		if (!variation.advice().isEmpty()) {
			assertThat(variation.seen().get().findings().get(0).advice()).startsWith(variation.advice());
		}
	}

	@Test
	void everyFindingHasEachKind() {
		Map<FindingCode, Set<Kind>> kinds = new EnumMap<>(FindingCode.class);
		variations()
			.forEach((variation) -> kinds.computeIfAbsent(variation.code(), (code) -> EnumSet.noneOf(Kind.class))
				.add(variation.kind()));
		for (FindingCode code : FindingCode.values()) {
			assertThat(kinds.get(code)).as(code.name()).isEqualTo(EnumSet.allOf(Kind.class));
		}
	}

	private static Seen seen(FindingCode code) {
		return AdviceTests.seen(code);
	}

	@ParameterizedTest
	@EnumSource
	void findingsAboutALimitEndWhenItChanges(FindingCode code) {
		assertThat(codes(seen(code).changed(24, 1000))).isEqualTo(OF_LIMITS.contains(code) ? Set.of() : Set.of(code));
	}

	@ParameterizedTest
	@EnumSource
	void aRefreshOfAnotherSettingChangesNothing(FindingCode code) {
		assertThat(codes(seen(code).refreshed(13, (settings) -> settings.maxBody(17)))).contains(code).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource
	void anEvictionCausesNoFurtherFinding(FindingCode code) {
		assertThat(codes(seen(code).evicted(4, 12, 20)
			.beside((route) -> route.inStep(12).leases(40, 0).closed(CloseReason.EVICTED, 40)))).isSubsetOf(code);
	}

	@ParameterizedTest
	@EnumSource
	void aPauseCausesNoOtherFinding(FindingCode code) {
		assertThat(codes(seen(code).pauses((step) -> Duration.ofSeconds((step == 12) ? 30 : 0)))).isSubsetOf(code,
				FindingCode.PAUSES);
		assertThat(codes(seen(code).pauses((step) -> Duration.ofSeconds(4)))).isSubsetOf(code, FindingCode.PAUSES);
	}

	@ParameterizedTest
	@EnumSource
	void aClockJumpCausesNoOtherFinding(FindingCode code) {
		assertThat(codes(seen(code).clockJumps((step) -> Duration.ofHours((step == 12) ? 1 : 0)))).isSubsetOf(code,
				FindingCode.CLOCK_CHANGED);
	}

	private static Set<FindingCode> codes(Seen seen) {
		return seen.findings()
			.stream()
			.map(Finding::code)
			.collect(Collectors.toCollection(() -> EnumSet.noneOf(FindingCode.class)));
	}

	@Test
	void aBurstIsExplainedByTheNextSampleAndByItsCauseAlone() {
		Stream.of(1, 2, 3).forEach((steps) -> {
			Seen seen = new Seen().steps(steps)
				.route((route) -> route.inTheLast(1)
					.leases(500, 100)
					.closed(CloseReason.STALE, 500)
					.serverClosedIdle(500, Duration.ofSeconds(2))
					.stale(500, 12));
			Finding finding = LimitRulesTests.only(FindingCode.SERVER_CLOSES, seen);
			assertThat(finding.message()).startsWith("The server closed 500 connections within ")
				.contains("without announcing it in its responses; those without it had been idle for 2s or longer")
				.doesNotContain("as its responses said", "restart");
		});
	}

	@Test
	void aContinuingBurstIsNeverExplainedByLowReuse() {
		for (int steps = 1; steps <= 24; steps++) {
			Seen seen = new Seen().steps(steps)
				.route((route) -> route.leases(500, 0).closed(CloseReason.SERVER_CLOSE, 500));
			LimitRulesTests.only(FindingCode.SERVER_CLOSES, seen);
		}
	}

	@Test
	void closesInTurnsAreNoBurst() {
		LimitRulesTests
			.assertNone(new Seen().route((route) -> route.leases(2400, 21_600).closed(CloseReason.SERVER_CLOSE, 2400)));
		LimitRulesTests.assertNone(
				new Seen().steps(1).route((route) -> route.leases(100, 900).closed(CloseReason.SERVER_CLOSE, 100)));
	}

	@Test
	void eachCloseIsReportedWithItsReason() {
		Finding finding = LimitRulesTests.only(FindingCode.SERVER_CLOSES,
				new Seen().route((route) -> route.leases(240, 0)
					.closed(CloseReason.SERVER_CLOSE, 144)
					.closed(CloseReason.STALE, 96)
					.serverClosedIdle(96, Duration.ofMillis(4))));
		assertThat(finding.message()).startsWith(
				"The server closed 240 connections after 240 responses, 144 as its responses said, 96 without it;");
	}

	@Test
	void theAdviceDoesNotRunAwayWithEachResize() {
		int limit = 20;
		for (int i = 0; i < 5; i++) {
			int max = limit;
			// 100 callers, one call after the other.
			Seen seen = new Seen().route((route) -> route.leased(max, max)
				.resized(12, max / 2)
				.leases(0, 24_000)
				.held(Duration.ofMillis(5L * max))
				.waited((max < 100) ? 24_000 : 0, Duration.ofMillis(500 - 5L * max), 100 - max));
			List<Finding> findings = seen.findings();
			if (max >= 100) {
				assertThat(findings).isEmpty();
				return;
			}
			assertThat(findings).singleElement()
				.satisfies((finding) -> assertThat(finding.advice()).contains("max-per-route to 100,"));
			limit = 100;
		}
	}

	@Test
	void theCauseComesBeforeTheSymptom() {
		Seen seen = OpeningRulesTests.slowDns()
			.beside((route) -> route.leased(50, 50)
				.leases(0, 12_000)
				.held(Duration.ofMillis(50))
				.waited(12_000, Duration.ofMillis(50), 50))
			.pauses((step) -> Duration.ofMillis((step < 4) ? 500 : 0));
		assertThat(seen.findings()).extracting(Finding::code)
			.containsExactly(FindingCode.PAUSES, FindingCode.SLOW_DNS, FindingCode.POOL_TOO_SMALL);
	}

}
