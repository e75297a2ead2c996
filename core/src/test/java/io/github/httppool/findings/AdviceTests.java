package io.github.httppool.findings;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.github.httppool.Finding;
import io.github.httppool.FindingCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the advice of all findings.
 */
class AdviceTests {

	private static final Pattern PROPERTY = Pattern.compile("\\b(?:http-pool|spring|server)(?:\\.[a-z0-9-]+)+");

	private static final Map<FindingCode, Supplier<Seen>> SEEN = new EnumMap<>(FindingCode.class);

	static {
		SEEN.put(FindingCode.POOL_TOO_SMALL, LimitRulesTests::tooSmall);
		SEEN.put(FindingCode.POOL_TOO_LARGE, LimitRulesTests::tooLarge);
		SEEN.put(FindingCode.TOTAL_LIMIT_BINDS, LimitRulesTests::totalLimitBinds);
		SEEN.put(FindingCode.LEAK_SUSPECTED, LimitRulesTests::leak);
		SEEN.put(FindingCode.SERVER_CLOSES, ReuseRulesTests::serverCloses);
		SEEN.put(FindingCode.KEEP_ALIVE_MISMATCH, ReuseRulesTests::keepAliveMismatch);
		SEEN.put(FindingCode.LOW_REUSE, ReuseRulesTests::lowReuse);
		SEEN.put(FindingCode.UNREAD_BODIES, ReuseRulesTests::unread);
		SEEN.put(FindingCode.STALE_CONNECTIONS, ReuseRulesTests::stale);
		SEEN.put(FindingCode.SLOW_DNS, OpeningRulesTests::slowDns);
		SEEN.put(FindingCode.SLOW_CONNECTS, OpeningRulesTests::slowConnects);
		SEEN.put(FindingCode.FAILING_CONNECTS, OpeningRulesTests::failing);
		SEEN.put(FindingCode.SLOW_TLS, OpeningRulesTests::slowTls);
		SEEN.put(FindingCode.NO_TLS_RESUMPTION, OpeningRulesTests::noResumption);
		SEEN.put(FindingCode.PORTS_RUNNING_OUT, OpeningRulesTests::portsRunOut);
		SEEN.put(FindingCode.UNSOLICITED_DATA, ReuseRulesTests::unsolicited);
		SEEN.put(FindingCode.CALLERS_REFUSED, LimitRulesTests::refused);
		SEEN.put(FindingCode.SLOW_ROUTE, LimitRulesTests::slowRoute);
		SEEN.put(FindingCode.PAUSES, MachineRulesTests::pauses);
		SEEN.put(FindingCode.CLOCK_CHANGED, MachineRulesTests::clockChanged);
	}

	static Seen seen(FindingCode code) {
		return SEEN.get(code).get();
	}

	@ParameterizedTest
	@EnumSource
	void everyCodeHasItsRule(FindingCode code) {
		LimitRulesTests.only(code, seen(code));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "CLOCK_CHANGED", "UNSOLICITED_DATA" })
	void theAdviceNamesAPropertyToSet(FindingCode code) {
		Finding finding = LimitRulesTests.only(code, seen(code));
		assertThat(PROPERTY.matcher(finding.advice()).find()).as(finding.advice()).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void everyMessageHasNumbersAndIsOneLine(FindingCode code) {
		Finding finding = LimitRulesTests.only(code, seen(code));
		assertThat(finding.message()).containsPattern("\\d").doesNotContain("\n").doesNotEndWith(".");
		assertThat(finding.advice()).doesNotContain("\n").doesNotEndWith(".").hasSizeLessThan(450);
	}

	@Test
	void aNewPoolHasNoFinding() {
		SEEN.values().forEach((seen) -> LimitRulesTests.assertNone(seen.get().steps(0)));
	}

	@Test
	void theSeverestComesFirst() {
		List<Finding> findings = LimitRulesTests.tooSmall()
			.route(Seen.OTHER, (route) -> route.connectFailed(5, "ConnectException"))
			.clockJumps((step) -> Duration.ofDays(1))
			.findings();
		assertThat(findings).extracting(Finding::code)
			.containsExactly(FindingCode.FAILING_CONNECTS, FindingCode.POOL_TOO_SMALL, FindingCode.CLOCK_CHANGED);
		assertThat(findings).isSortedAccordingTo(Comparator.comparing(Finding::severity).reversed());
	}

	@Test
	void aNewRouteCountsFromZero() {
		Seen seen = new Seen().route((route) -> route.inTheLast(5).connectFailed(5, "ConnectException"));
		LimitRulesTests.only(FindingCode.FAILING_CONNECTS, seen);
	}

}
