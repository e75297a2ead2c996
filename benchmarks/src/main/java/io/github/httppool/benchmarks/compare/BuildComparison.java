package io.github.httppool.benchmarks.compare;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.benchmarks.Arguments;
import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.Operation;
import io.github.httppool.benchmarks.fork.ClassPath;
import io.github.httppool.benchmarks.fork.Forks;
import io.github.httppool.benchmarks.measure.Load;
import io.github.httppool.benchmarks.measure.Slice;
import io.github.httppool.benchmarks.measure.SliceTable;
import io.github.httppool.benchmarks.measure.Turns;
import io.github.httppool.benchmarks.report.Result;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * The command {@code compare-builds}: two builds of the library, each in a JVM of its
 * own, take turns against the same server. Several runs with new JVMs even out that two
 * JVMs do not compile the same code in the same way.
 */
public final class BuildComparison {

	private static final String BASE = "base";

	private static final String NEW = "new";

	private static final String NOTE = "Ratios are new to base, round by round: medians, quartiles in brackets."
			+ " Compare a build with itself to learn the noise of the machine.\n";

	private final Map<Integer, Map<String, List<Slice>>> slices = new LinkedHashMap<>();

	private final List<Integer> threads;

	private final ClientSpec client;

	private final Operation operation;

	private final int routes;

	private final Answer answer;

	private final Effort effort;

	private BuildComparison(Arguments arguments) {
		this.effort = arguments.effort();
		this.threads = arguments.numbers("threads", this.effort.brief() ? "1" : "1,8,64");
		this.operation = arguments.constant("operation", Operation.BYTES);
		this.routes = arguments.number("routes", 0);
		this.answer = arguments.constant("answer", Answer.KB1);
		this.client = new ClientSpec(ClientKind.HTTP_POOL,
				arguments.number("connections", ClientSpec.ENOUGH_CONNECTIONS * Math.max(1, this.routes)),
				arguments.flag("observed"));
	}

	/**
	 * Compare two builds.
	 * @param arguments the options
	 * @return the result
	 * @throws Exception if a build cannot be measured
	 */
	public static Result run(Arguments arguments) throws Exception {
		ClassPath classPath = ClassPath.current();
		ClassPath base = classPath.withLibrary(arguments.required(BASE));
		ClassPath changed = classPath.withLibrary(arguments.required(NEW));
		BuildComparison comparison = new BuildComparison(arguments);
		int runs = comparison.effort.runs(3);
		for (int run = 0; run < runs; run++) {
			System.out.println("Run " + (run + 1) + " of " + runs);
			Map<String, ClassPath> builds = new LinkedHashMap<>();
			builds.put(BASE, base);
			builds.put(NEW, changed);
			comparison.measure(builds);
		}
		return new Result(comparison.table());
	}

	private void measure(Map<String, ClassPath> builds) throws Exception {
		try (Upstream upstream = new Upstream(this.routes); Forks<String> forks = new Forks<>(builds)) {
			List<URI> uris = (this.routes > 0) ? upstream.furtherUris() : List.of(upstream.uri(this.answer));
			int millis = this.effort.sliceMillis(700);
			turns(forks, uris, new Load(Collections.max(this.threads), millis), this.effort.either(6, 0));
			for (int callers : this.threads) {
				System.out.println("  threads: " + callers);
				Load load = new Load(callers, millis);
				turns(forks, uris, load, this.effort.either(4, 1));
				turns(forks, uris, load, this.effort.rounds(10))
					.forEach((build, measured) -> this.slices.computeIfAbsent(callers, (key) -> new LinkedHashMap<>())
						.computeIfAbsent(build, (key) -> new ArrayList<>())
						.addAll(measured));
			}
		}
	}

	private Map<String, List<Slice>> turns(Forks<String> forks, List<URI> uris, Load load, int rounds)
			throws Exception {
		return Turns.take(List.of(BASE, NEW), rounds,
				(build) -> forks.get(build).measure(this.client, this.operation, uris, load));
	}

	private String table() {
		StringBuilder text = new StringBuilder();
		this.slices.forEach((callers, builds) -> text
			.append(SliceTable.of(this.operation + ", threads: " + callers, builds, (build) -> build)));
		return text.append(NOTE).toString();
	}

}
