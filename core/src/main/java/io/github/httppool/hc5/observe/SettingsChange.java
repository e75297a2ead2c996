package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.hc5.net.DurationFormat;

/**
 * The difference between the settings of a pool and the requested ones, and the part of
 * it that a pool in use can follow.
 * <p>
 * Settings that are built into clients or into HttpClient's pool cannot change, and
 * neither can features that cost nothing while they are off because they are absent.
 */
public final class SettingsChange {

	private static final Set<String> FIXED = Set.of("reuse-policy", "compression", "proxy", "warm-up");

	private final HttpPoolSettings before;

	private final HttpPoolSettings after;

	private final List<String> fixed = new ArrayList<>();

	/**
	 * Compares settings.
	 * @param made the settings with which the pool was created
	 * @param before the settings in force
	 * @param wanted the new settings
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
		// New settings do not carry the property prefix and the name of the pool.
		this.after = after.toBuilder().propertyPrefix(made.propertyPrefix()).build();
	}

	private static boolean isFixed(String name, HttpPoolSettings made) {
		return FIXED.contains(name) || switch (name) {
			case "retry-stale" -> !made.retryStale();
			case "max-body", "max-error-body" -> !limitsBodies(made);
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
		if (!limitsBodies(made)) {
			settings.maxBody(0).maxErrorBody(0);
		}
		return settings.build();
	}

	/**
	 * Returns the settings after the change.
	 * @return the settings
	 */
	public HttpPoolSettings after() {
		return this.after;
	}

	/**
	 * Returns the names of the settings that cannot change.
	 * @return the names, unmodifiable
	 */
	public List<String> fixed() {
		return List.copyOf(this.fixed);
	}

	public boolean isEmpty() {
		return this.after.equals(this.before);
	}

	/**
	 * Describes the applied changes. Structured values are named only, because the
	 * address of a route may contain arbitrary text.
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

	/**
	 * Returns whether any body size is limited. Only then is a body limit part of the
	 * execution chain.
	 */
	public static boolean limitsBodies(HttpPoolSettings settings) {
		return settings.maxBody() != 0 || settings.maxErrorBody() != 0;
	}

}
