package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.exec.BodyLimitExec;
import io.github.httppool.hc5.net.DurationFormat;

/**
 * What is different between the settings of a pool and those that somebody wants, and how
 * much of that a pool in use can follow.
 * <p>
 * What is built into a client or into HttpClient's pool stays as it was made. That is so,
 * too, for what costs nothing while it is off because it is not there.
 */
public final class SettingsChange {

	private static final Set<String> FIXED = Set.of("reuse-policy", "compression", "proxy", "warm-up");

	private final HttpPoolSettings before;

	private final HttpPoolSettings after;

	private final List<String> fixed = new ArrayList<>();

	/**
	 * Compare settings.
	 * @param made the settings that the pool was made with
	 * @param before those in force
	 * @param wanted those that are wanted
	 */
	public SettingsChange(HttpPoolSettings made, HttpPoolSettings before, HttpPoolSettings wanted) {
		this.before = before;
		Map<String, Object> values = before.values();
		wanted.values().forEach((name, value) -> {
			if (!Objects.equals(value, values.get(name)) && isFixed(name, made)) {
				this.fixed.add(name);
			}
		});
		HttpPoolSettings after = this.fixed.isEmpty() ? wanted : withoutFixed(made, wanted);
		// Settings that were built anew do not know whose they are.
		this.after = after.toBuilder().propertyPrefix(made.propertyPrefix()).build();
	}

	private static boolean isFixed(String name, HttpPoolSettings made) {
		return FIXED.contains(name) || switch (name) {
			case "retry-stale" -> !made.retryStale();
			case "max-body", "max-error-body" -> !BodyLimitExec.areIn(made);
			default -> false;
		};
	}

	private static HttpPoolSettings withoutFixed(HttpPoolSettings made, HttpPoolSettings wanted) {
		HttpPoolSettings.Builder settings = wanted.toBuilder();
		settings.reusePolicy(made.reusePolicy()).compression(made.compression());
		settings.proxy(made.proxy()).warmUp(made.warmUp());
		if (!made.retryStale()) {
			settings.retryStale(false);
		}
		if (!BodyLimitExec.areIn(made)) {
			settings.maxBody(0).maxErrorBody(0);
		}
		return settings.build();
	}

	/**
	 * Return what is in force from now on.
	 */
	public HttpPoolSettings after() {
		return this.after;
	}

	/**
	 * Return the names of what cannot follow.
	 */
	public List<String> fixed() {
		return List.copyOf(this.fixed);
	}

	public boolean isEmpty() {
		return this.after.equals(this.before);
	}

	/**
	 * Say in words what follows. What is more than a number or a word is only named: the
	 * address of a route may have anything in it.
	 */
	@Override
	public String toString() {
		StringJoiner words = new StringJoiner(", ");
		Map<String, Object> values = this.before.values();
		this.after.values().forEach((name, value) -> {
			Object valueBefore = values.get(name);
			if (!Objects.equals(value, valueBefore)) {
				words.add((value instanceof List) ? name : name + " " + text(valueBefore) + " -> " + text(value));
			}
		});
		return words.toString();
	}

	private static String text(Object value) {
		return (value instanceof Duration duration) ? DurationFormat.format(duration) : value.toString();
	}

}
