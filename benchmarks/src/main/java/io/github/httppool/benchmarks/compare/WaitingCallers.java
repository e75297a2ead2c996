package io.github.httppool.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.httppool.benchmarks.Arguments;
import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.Operation;
import io.github.httppool.benchmarks.fork.ClassPath;
import io.github.httppool.benchmarks.fork.Fork;
import io.github.httppool.benchmarks.fork.Forks;
import io.github.httppool.benchmarks.measure.Load;
import io.github.httppool.benchmarks.measure.Slice;
import io.github.httppool.benchmarks.measure.SliceTable;
import io.github.httppool.benchmarks.measure.Turns;
import io.github.httppool.benchmarks.report.Goal;
import io.github.httppool.benchmarks.report.Result;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * The command {@code waiting}: more callers than connections, so that most of them wait
 * for a connection. Only clients that can limit their connections are compared. Each is
 * measured alone, in a JVM of its own, and paired, the pool and one other client in a JVM
 * of their own.
 */
public final class WaitingCallers {

	private static final ClientKind OURS = ClientKind.HTTP_POOL;

	private static final List<ClientKind> OTHERS = List.of(ClientKind.TUNED, ClientKind.TUNED_LAX,
			ClientKind.BOOT_LIMITED, ClientKind.JETTY, ClientKind.OKHTTP_LIMITED);

	private final List<Goal> goals = new ArrayList<>();

	private final StringBuilder text = new StringBuilder();

	private final Effort effort;

	private final List<Integer> limits;

	private final int threads;

	private final Upstream upstream;

	private final Answer answer;

	private WaitingCallers(Arguments arguments, Upstream upstream) {
		this.effort = arguments.effort();
		this.limits = arguments.numbers("connections", this.effort.brief() ? "4" : "16,4");
		this.threads = arguments.number("threads", 64);
		this.answer = arguments.constant("answer", Answer.KB1);
		this.upstream = upstream;
	}

	/**
	 * Measure.
	 * @param arguments the options
	 * @return the result
	 * @throws Exception if a client cannot be measured
	 */
	public static Result run(Arguments arguments) throws Exception {
		try (Upstream upstream = new Upstream()) {
			WaitingCallers waiting = new WaitingCallers(arguments, upstream);
			List<ClientKind> others = waiting.effort.brief() ? OTHERS.subList(0, 1) : OTHERS;
			waiting.alone(others);
			for (ClientKind other : others) {
				waiting.paired(other);
			}
			return new Result(waiting.text.toString(), waiting.goals);
		}
	}

	private void alone(List<ClientKind> others) throws Exception {
		List<ClientKind> kinds = new ArrayList<>(others);
		kinds.add(OURS);
		try (Forks<ClientKind> forks = Forks.of(kinds)) {
			for (int limit : this.limits) {
				compare("alone", limit, kinds, (kind, load) -> measure(forks.get(kind), kind, limit, load));
			}
		}
	}

	private void paired(ClientKind other) throws Exception {
		try (Fork fork = new Fork(ClassPath.current())) {
			for (int limit : this.limits) {
				compare("paired", limit, List.of(other, OURS), (kind, load) -> measure(fork, kind, limit, load));
			}
		}
	}

	private Slice measure(Fork fork, ClientKind kind, int limit, Load load) throws Exception {
		return fork.measure(new ClientSpec(kind, limit, false), Operation.BYTES,
				List.of(this.upstream.uri(this.answer)), load);
	}

	private void compare(String way, int limit, List<ClientKind> kinds, LoadedMeasuring measuring) throws Exception {
		String title = this.threads + " threads over " + limit + " connections, " + way;
		System.out.println(title + ": " + kinds);
		Load load = new Load(this.threads, this.effort.sliceMillis(500));
		Turns.take(kinds, this.effort.either(2, 1), (kind) -> measuring.measure(kind, load.during(2 * load.millis())));
		Map<ClientKind, List<Slice>> slices = Turns.take(kinds, this.effort.rounds(7),
				(kind) -> measuring.measure(kind, load));
		this.text.append(SliceTable.of(title, slices, ClientKind::title));
		for (ClientKind other : kinds.subList(0, kinds.size() - 1)) {
			this.goals.add(Goal.atLeast(title + ", calls per second to " + other.title(),
					Slice.ratio(slices.get(OURS), slices.get(other), Slice::callsPerSecond), 1));
		}
	}

	private interface LoadedMeasuring {

		Slice measure(ClientKind kind, Load load) throws Exception;

	}

}
