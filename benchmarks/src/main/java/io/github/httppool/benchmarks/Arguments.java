package io.github.httppool.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Options of a command: {@code --name=value}, or {@code --name} for {@code true}. The
 * leading dashes are optional before a value.
 */
public final class Arguments {

	private static final Set<String> COMMON = Set.of("rounds", "runs", "slice", "brief");

	private final Map<String, String> values = new TreeMap<>();

	private Arguments() {
	}

	/**
	 * Parse options.
	 * @param options the options as given
	 * @param further names of options in addition to those of all commands
	 * @return the options
	 * @throws IllegalArgumentException if an option is unknown
	 */
	public static Arguments parse(List<String> options, Set<String> further) {
		Arguments arguments = new Arguments();
		for (String option : options) {
			String[] parts = option.replaceFirst("^--", "").split("=", 2);
			if (!COMMON.contains(parts[0]) && !further.contains(parts[0])) {
				Set<String> known = new TreeSet<>(COMMON);
				known.addAll(further);
				throw new IllegalArgumentException("Unknown option '" + option + "'. Known options: " + known);
			}
			arguments.values.put(parts[0], (parts.length > 1) ? parts[1] : "true");
		}
		return arguments;
	}

	/**
	 * Return how much to measure.
	 * @return the effort
	 */
	public Effort effort() {
		return new Effort(number("rounds", 0), number("runs", 0), number("slice", 0), flag("brief"));
	}

	/**
	 * Return a text.
	 * @param name the name of the option
	 * @param usual the default
	 * @return the text
	 */
	public String text(String name, String usual) {
		return this.values.getOrDefault(name, usual);
	}

	/**
	 * Return a text that must be given.
	 * @param name the name of the option
	 * @return the text
	 * @throws IllegalArgumentException if it is missing
	 */
	public String required(String name) {
		String value = this.values.get(name);
		if (value == null) {
			throw new IllegalArgumentException("Missing option: --" + name + "=…");
		}
		return value;
	}

	/**
	 * Return a number.
	 * @param name the name of the option
	 * @param usual the default
	 * @return the number
	 */
	public int number(String name, int usual) {
		return Integer.parseInt(text(name, Integer.toString(usual)));
	}

	/**
	 * Return numbers that are separated by commas.
	 * @param name the name of the option
	 * @param usual the default
	 * @return the numbers
	 */
	public List<Integer> numbers(String name, String usual) {
		return Arrays.stream(text(name, usual).split(",")).map(Integer::valueOf).toList();
	}

	/**
	 * Return a constant, whatever its case.
	 * @param <E> the type of the constant
	 * @param name the name of the option
	 * @param usual the default
	 * @return the constant
	 */
	public <E extends Enum<E>> E constant(String name, E usual) {
		return Enum.valueOf(usual.getDeclaringClass(), text(name, usual.name()).toUpperCase(java.util.Locale.ROOT));
	}

	/**
	 * Return whether a flag is set.
	 * @param name the name of the option
	 * @return whether it is set
	 */
	public boolean flag(String name) {
		return Boolean.parseBoolean(text(name, "false"));
	}

}
