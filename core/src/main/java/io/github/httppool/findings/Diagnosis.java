package io.github.httppool.findings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import io.github.httppool.Finding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates all rules. A failing rule does not affect the others.
 */
public final class Diagnosis {

	private static final Logger log = LoggerFactory.getLogger(Diagnosis.class);

	/**
	 * Causes come before their effects. Of two equally severe findings, the cause is
	 * listed first.
	 */
	private static final List<Rule> RULES = List.of(new Pauses(), new LeakSuspected(), new PortsRunningOut(),
			new FailingConnects(), new SlowDns(), new SlowConnects(), new SlowTls(), new NoTlsResumption(),
			new ServerCloses(), new KeepAliveMismatch(), new StaleConnections(), new UnsolicitedData(),
			new UnreadBodies(), new LowReuse(), new SlowRoute(), new PoolTooSmall(), new TotalLimitBinds(),
			new CallersRefused(), new PoolTooLarge(), new ClockChanged());

	/**
	 * Rules whose failure has been reported.
	 */
	private static final Set<Class<?>> FAILED = ConcurrentHashMap.newKeySet();

	private Diagnosis() {
	}

	/**
	 * Return the findings.
	 * @param window the recorded window
	 * @return an unmodifiable list of findings, most severe first, causes before their
	 * effects
	 */
	public static List<Finding> of(Window window) {
		return of(window, RULES);
	}

	static List<Finding> of(Window window, List<Rule> rules) {
		return of(window, rules, (message, failure) -> log.warn(message, failure));
	}

	/**
	 * Return the findings. This variant is for threads that must not wait for the log.
	 * @param window the recorded window
	 * @param failures called once for each rule that fails
	 * @return an unmodifiable list of findings, most severe first, causes before their
	 * effects
	 */
	public static List<Finding> of(Window window, BiConsumer<String, RuntimeException> failures) {
		return of(window, RULES, failures);
	}

	private static List<Finding> of(Window window, List<Rule> rules, BiConsumer<String, RuntimeException> failures) {
		PoolWindow recorded = new PoolWindow(window);
		List<Finding> findings = new ArrayList<>();
		for (Rule rule : rules) {
			try {
				rule.check(recorded, (finding) -> findings.add(named(finding, window)));
			}
			catch (RuntimeException ex) {
				if (FAILED.add(rule.getClass())) {
					failures.accept("Pool '%s' could not be examined by %s; this is logged once"
						.formatted(window.pool(), rule.getClass().getSimpleName()), ex);
				}
			}
		}
		findings.sort(Comparator.comparing(Finding::severity).reversed());
		return List.copyOf(findings);
	}

	private static Finding named(Finding finding, Window window) {
		String prefix = window.settings().propertyPrefix();
		return new Finding(finding.code(), finding.severity(), finding.route(),
				PropertyNames.own(finding.message(), prefix), PropertyNames.own(finding.advice(), prefix));
	}

}
