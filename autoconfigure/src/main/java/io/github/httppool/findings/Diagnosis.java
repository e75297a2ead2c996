package io.github.httppool.findings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.github.httppool.Finding;

/**
 * Asks every rule what is wrong.
 */
public final class Diagnosis {

	private static final List<Rule> RULES = List.of(new LeakSuspected(), new CallersRefused(), new PoolTooSmall(),
			new TotalLimitBinds(), new SlowRoute(), new PortsRunningOut(), new FailingConnects(), new SlowDns(),
			new SlowConnects(), new SlowTls(), new NoTlsResumption(), new ServerCloses(), new KeepAliveMismatch(),
			new StaleConnections(), new UnsolicitedData(), new UnreadBodies(), new LowReuse(), new PoolTooLarge(),
			new Pauses(), new ClockChanged());

	private Diagnosis() {
	}

	/**
	 * Return what is wrong.
	 * @param window what the pool saw
	 * @return the findings, the severest first, unmodifiable
	 */
	public static List<Finding> of(Window window) {
		PoolWindow seen = new PoolWindow(window);
		List<Finding> findings = new ArrayList<>();
		RULES.forEach((rule) -> rule.check(seen, findings::add));
		findings.sort(Comparator.comparing(Finding::severity).reversed());
		return List.copyOf(findings);
	}

}
