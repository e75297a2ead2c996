package io.github.httppool.findings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.httppool.Finding;

/**
 * Asks every rule what is wrong.
 */
public final class Diagnosis {

	private static final List<Rule> RULES = List.of();

	private Diagnosis() {
	}

	/**
	 * Return what is wrong.
	 * @param window what the pool saw
	 * @return the findings, the severest first, unmodifiable
	 */
	public static List<Finding> of(Window window) {
		List<Finding> findings = new ArrayList<>();
		RULES.forEach((rule) -> rule.check(window, findings::add));
		findings.sort(Comparator.comparing(Finding::severity).reversed());
		return List.copyOf(findings);
	}

}
