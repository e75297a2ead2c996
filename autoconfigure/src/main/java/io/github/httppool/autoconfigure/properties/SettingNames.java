package io.github.httppool.autoconfigure.properties;

import java.util.regex.Pattern;

import io.github.httppool.HttpPool;
import org.jspecify.annotations.Nullable;

/**
 * Maps the settings of one pool to property names. A further pool inherits the properties
 * that it does not set.
 */
final class SettingNames {

	private static final Pattern ENTRY = Pattern.compile("(routes|warm-up)[.\\[].+\\.[a-z-]+");

	private final WrittenProperties written;

	/**
	 * Empty for the shared pool.
	 */
	private final String prefix;

	SettingNames(String pool, WrittenProperties written) {
		this.written = written;
		boolean bracketed = !written.contains("http-pool.pools." + pool);
		this.prefix = HttpPool.DEFAULT_NAME.equals(pool) ? ""
				: bracketed ? "pools[" + pool + "]." : "pools." + pool + ".";
	}

	/**
	 * Return the property of a setting, without the {@code http-pool.} prefix.
	 * @param setting the name of the setting in the shared pool
	 */
	String nameOf(String setting) {
		if (isWritten(setting) || isOwnLogin(setting)) {
			return this.prefix + setting;
		}
		// A missing property of a map entry is reported next to the rest of the entry.
		boolean missing = ENTRY.matcher(setting).matches() && !this.written.contains("http-pool." + setting);
		return (missing && isWritten(setting.substring(0, setting.lastIndexOf('.')))) ? this.prefix + setting : setting;
	}

	/**
	 * Return whether the setting belongs to credentials that this pool does not inherit
	 * as a whole: credentials for its own proxy, or credentials that it sets partly.
	 */
	private boolean isOwnLogin(String setting) {
		return (setting.equals("proxy.username") || setting.equals("proxy.password"))
				&& (isWritten("proxy.url") || isWritten("proxy.username") || isWritten("proxy.password"));
	}

	/**
	 * Return whether the setting was written for this pool, not for all of them.
	 * @param setting the name of the setting in the shared pool
	 */
	boolean isWritten(String setting) {
		return this.written.contains("http-pool." + this.prefix + setting);
	}

	/**
	 * Return the value that was written for this pool.
	 * @param setting the name of the setting in the shared pool
	 * @return the text, or {@code null} if it is not a single value
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
	 * Return the name of a map's entry as in a properties file, where names with other
	 * characters need brackets.
	 */
	static String entry(String map, String key) {
		return key.matches("[A-Za-z0-9_-]+") ? map + "." + key : map + "[" + key + "]";
	}

}
