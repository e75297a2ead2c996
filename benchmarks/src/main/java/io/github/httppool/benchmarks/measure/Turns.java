package io.github.httppool.benchmarks.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures variants in short slices that take turns, so that other work of the machine
 * affects all of them alike.
 */
public final class Turns {

	private Turns() {
	}

	/**
	 * Measure each variant once per round. Each round begins with another variant; with
	 * two variants the order is reversed in each round.
	 * @param <K> the type of the variants
	 * @param variants the variants
	 * @param rounds the number of rounds
	 * @param measuring measures one slice of a variant
	 * @return the slices of each variant, in the order of the rounds
	 * @throws Exception if a slice cannot be measured
	 */
	public static <K> Map<K, List<Slice>> take(List<K> variants, int rounds, Measuring<K> measuring) throws Exception {
		Map<K, List<Slice>> slices = new LinkedHashMap<>();
		variants.forEach((variant) -> slices.put(variant, new ArrayList<>()));
		for (int round = 0; round < rounds; round++) {
			for (int turn = 0; turn < variants.size(); turn++) {
				K variant = variants.get((round + turn) % variants.size());
				slices.get(variant).add(measuring.measure(variant));
			}
		}
		return slices;
	}

	/**
	 * Measures one slice of a variant.
	 *
	 * @param <K> the type of the variants
	 */
	@FunctionalInterface
	public interface Measuring<K> {

		/**
		 * Measure one slice.
		 * @param variant the variant
		 * @return the slice
		 * @throws Exception if it cannot be measured
		 */
		Slice measure(K variant) throws Exception;

	}

}
