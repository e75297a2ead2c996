package io.github.httppool.autoconfigure.properties;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Finds the most similar name. Ignores dashes and dots, which are easily confused.
 */
public final class NearestName {

	private final ConfigurationPropertyName unknown;

	private final String whole;

	private int distance = Integer.MAX_VALUE;

	private @Nullable String name;

	NearestName(ConfigurationPropertyName unknown) {
		this.unknown = unknown;
		this.whole = plain(unknown.toString());
	}

	/**
	 * Return the known name that is most similar to an unknown one.
	 * @param unknown the unknown name
	 * @param known the known names
	 * @return the nearest name, or {@code null} if none is similar
	 */
	public static @Nullable String of(String unknown, List<String> known) {
		NearestName nearest = new NearestName(ConfigurationPropertyName.EMPTY);
		known.forEach((name) -> nearest.compare(plain(unknown), name, name, 0));
		return nearest.get();
	}

	void search(String prefix, KnownProperties known) {
		for (String path : known.paths()) {
			compare(this.whole, path, prefix + path, 0);
			compare(this.whole, path.substring(path.lastIndexOf('.') + 1), prefix + path, 1);
		}
		String first = this.unknown.getElement(0, Form.UNIFORM);
		String rest = this.unknown.toString().substring(this.unknown.getElement(0, Form.ORIGINAL).length());
		known.names().forEach((child) -> compare(first, child, prefix + child + rest, 0));
	}

	@Nullable String get() {
		return this.name;
	}

	private void compare(String written, String known, String name, int handicap) {
		String plain = plain(known);
		boolean abbreviated = written.length() >= 4 && plain.startsWith(written);
		int distance = (abbreviated ? 1 : distance(written, plain)) + handicap;
		if (distance < this.distance && distance <= Math.max(1, Math.max(written.length(), plain.length()) / 3)) {
			this.distance = distance;
			this.name = name;
		}
	}

	private static String plain(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
	}

	/**
	 * Return the edit distance.
	 */
	private static int distance(String one, String other) {
		int[] row = new int[other.length() + 1];
		for (int j = 0; j < row.length; j++) {
			row[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j < row.length; j++) {
				int change = diagonal + ((one.charAt(i - 1) != other.charAt(j - 1)) ? 1 : 0);
				diagonal = row[j];
				row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[other.length()];
	}

}
