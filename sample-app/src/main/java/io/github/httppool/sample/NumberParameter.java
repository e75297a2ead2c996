package io.github.httppool.sample;

import java.util.Map;

/**
 * Request parameter that is a whole number.
 *
 * @param name the name
 * @param fallback the number where the parameter is left out
 * @param min smallest number
 * @param max largest number
 */
record NumberParameter(String name, int fallback, int min, int max) {

	/**
	 * Return the number in a request.
	 * @param parameters the parameters of the request
	 * @return the number
	 * @throws InvalidParameterException if it is no number, too small or too large
	 */
	int in(Map<String, String> parameters) {
		String value = parameters.get(this.name);
		if (value == null) {
			return this.fallback;
		}
		try {
			int number = Integer.parseInt(value);
			if (number >= this.min && number <= this.max) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// refused below, like a number out of bounds
		}
		throw InvalidParameterException.value(this.name, value,
				"a whole number from " + this.min + " to " + this.max + ", such as " + this.name + "=" + this.fallback);
	}

}
