package io.github.httppool.autoconfigure.properties;

import java.util.regex.Pattern;

import io.github.httppool.HttpPool;
import org.jspecify.annotations.Nullable;

/**
 * Which property a setting of one pool comes from: a further pool inherits what it does
 * not say.
 */
final class SettingNames {

	private static final Pattern ENTRY = Pattern.compile("(routes|warm-up)[.\\[].+\\.[a-z-]+");

	private final WrittenProperties written;

	/** Empty for the default pool. */
	private final String prefix;

	SettingNames(String pool, WrittenProperties written) {
		this.written = written;
		boolean bracketed = !written.contains("http-pool.pools." + pool);
		this.prefix = HttpPool.DEFAULT_NAME.equals(pool) ? ""
				: bracketed ? "pools[" + pool + "]." : "pools." + pool + ".";
	}

	/**
	 * Return the name of a setting of this pool, without {@code http-pool.} in front.
	 * @param setting the name as the default pool has it
	 */
	String nameOf(String setting) {
		if (isWritten(setting) || isOwnLogin(setting)) {
			return this.prefix + setting;
		}
		// What is missing from an entry of a map belongs where the rest of it is.
		boolean missing = ENTRY.matcher(setting).matches() && !this.written.contains("http-pool." + setting);
		return (missing && isWritten(setting.substring(0, setting.lastIndexOf('.')))) ? this.prefix + setting : setting;
	}

	/**
	 * Return whether the setting belongs to credentials that this pool does not inherit
	 * as a whole: those for a proxy of its own, or with a part of its own.
	 */
	private boolean isOwnLogin(String setting) {
		return (setting.equals("proxy.username") || setting.equals("proxy.password"))
				&& (isWritten("proxy.url") || isWritten("proxy.username") || isWritten("proxy.password"));
	}

	/**
	 * Return whether the setting was written for this pool, not for all of them.
	 * @param setting the name as the default pool has it
	 */
	boolean isWritten(String setting) {
		return this.written.contains("http-pool." + this.prefix + setting);
	}

	/**
	 * Return what was written for this pool.
	 * @param setting the name as the default pool has it
	 * @return the text, or {@code null} if it is no single value
	 */
	@Nullable String valueOf(String setting) {
		return this.written.valueOf("http-pool." + this.prefix + setting);
	}

	boolean areThoseOfTheDefaultPool() {
		return this.prefix.isEmpty();
	}

	WrittenProperties written() {
		return this.written;
	}

	/**
	 * Return the name of a map's entry as in a properties file, where other characters
	 * than these need brackets.
	 */
	static String entry(String map, String key) {
		return key.matches("[A-Za-z0-9_-]+") ? map + "." + key : map + "[" + key + "]";
	}

}
