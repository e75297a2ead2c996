package io.github.httppool.autoconfigure.properties;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * Finds durations and sizes without a unit that are so small that the unit was probably
 * forgotten. Spring Boot reads them as milliseconds and bytes.
 */
final class ForgottenUnits {

	/** Smallest number of milliseconds that is plausible without a unit. */
	private static final Map<String, Integer> DURATIONS = Map.of("acquire-timeout", 100, "connect-timeout", 100,
			"tls-handshake-timeout", 100, "response-timeout", 100, "call-timeout", 100, "expect-continue-timeout", 100,
			"idle-timeout", 1000, "time-to-live", 1000, "leak-detection-threshold", 1000);

	/** Smallest number of bytes that is plausible without a unit. */
	private static final Map<String, Integer> SIZES = Map.of("drain.max-bytes", 1024, "max-error-body", 1024,
			"max-body", 1024);

	private final SettingNames names;

	private final List<String> warnings = new ArrayList<>();

	private ForgottenUnits(SettingNames names) {
		this.names = names;
	}

	/**
	 * Find such values of one pool.
	 * @return one sentence per value
	 */
	static List<String> find(SettingNames names) {
		ForgottenUnits units = new ForgottenUnits(names);
		DURATIONS.keySet()
			.stream()
			.sorted()
			.forEach((setting) -> units.check(setting, DURATIONS.get(setting), "milliseconds",
					"If seconds are meant, write %1$ss. If milliseconds are meant, write %1$sms"));
		SIZES.keySet()
			.stream()
			.sorted()
			.forEach((setting) -> units.check(setting, SIZES.get(setting), "bytes",
					"If kilobytes or megabytes are meant, write %1$sKB or %1$sMB. If bytes are meant, write %1$sB"));
		return units.warnings;
	}

	private void check(String setting, int plausible, String unit, String remedy) {
		if (!this.names.isWritten(setting)) {
			return;
		}
		String number = number(this.names.valueOf(setting));
		if (number == null || Integer.parseInt(number) >= plausible || Integer.parseInt(number) == 0) {
			return;
		}
		String property = "http-pool." + this.names.nameOf(setting);
		Origin origin = this.names.written().originOf(property);
		this.warnings.add("%s=%s%s means %s %s. ".formatted(property, number,
				(origin != null) ? " (" + origin + ")" : "", number, unit) + remedy.formatted(number));
	}

	private static @Nullable String number(@Nullable String written) {
		String number = (written != null) ? written.strip() : "";
		return number.matches("\\+?\\d{1,6}") ? number.replace("+", "") : null;
	}

}
