package io.github.httppool.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Prometheus reads from an application, in its text format.
 *
 * @param families metric families by name
 */
record Scrape(Map<String, Family> families) {

	private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\",?");

	static Scrape parse(String text) {
		Map<String, Family> families = new LinkedHashMap<>();
		String help = "";
		Family family = null;
		for (String line : text.split("\n")) {
			if (line.startsWith("# HELP ")) {
				help = line.substring(line.indexOf(' ', 7) + 1);
			}
			else if (line.startsWith("# TYPE ")) {
				String[] parts = line.split(" ");
				family = new Family(parts[3], help, new ArrayList<>());
				if (families.put(parts[2], family) != null) {
					throw new AssertionError(parts[2] + " is there twice");
				}
			}
			else {
				family.samples.add(Sample.parse(line));
			}
		}
		return new Scrape(families);
	}

	/**
	 * Metrics with the same name.
	 *
	 * @param type such as {@code gauge}
	 * @param help what it is
	 * @param samples the samples
	 */
	record Family(String type, String help, List<Sample> samples) {

		/**
		 * Return which names of labels come together, without the boundary of a bucket.
		 */
		List<String> labels() {
			return this.samples.stream().map((sample) -> {
				TreeSet<String> names = new TreeSet<>(sample.labels.keySet());
				names.remove("le");
				return String.join(" ", names);
			}).distinct().toList();
		}

		TreeSet<String> values(String label) {
			TreeSet<String> values = new TreeSet<>();
			this.samples.stream()
				.filter((sample) -> sample.labels.containsKey(label))
				.forEach((sample) -> values.add(sample.labels.get(label)));
			return values;
		}

		/**
		 * Return the values of a label where a number is not zero.
		 */
		TreeSet<String> happened(String label) {
			TreeSet<String> values = new TreeSet<>();
			this.samples.stream()
				.filter((sample) -> sample.value > 0)
				.forEach((sample) -> values.add(sample.labels.get(label)));
			return values;
		}

	}

	/**
	 * One time series.
	 *
	 * @param name its name, with the suffix of its kind
	 * @param labels its labels
	 * @param value the value
	 */
	record Sample(String name, Map<String, String> labels, double value) {

		private static Sample parse(String line) {
			Matcher sample = SAMPLE.matcher(line);
			if (!sample.matches()) {
				throw new AssertionError("No sample: " + line);
			}
			Map<String, String> labels = new TreeMap<>();
			if (sample.group(2) != null) {
				LABEL.matcher(sample.group(2)).results().forEach((label) -> labels.put(label.group(1), label.group(2)));
			}
			return new Sample(sample.group(1), labels, Double.parseDouble(sample.group(3)));
		}

	}

}
