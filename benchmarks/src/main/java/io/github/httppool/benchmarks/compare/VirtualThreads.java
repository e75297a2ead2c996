package io.github.httppool.benchmarks.compare;

import java.util.List;
import java.util.stream.Stream;

import io.github.httppool.benchmarks.Arguments;
import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.Operation;
import io.github.httppool.benchmarks.fork.ClassPath;
import io.github.httppool.benchmarks.fork.Fork;
import io.github.httppool.benchmarks.measure.Load;
import io.github.httppool.benchmarks.measure.SliceTable;
import io.github.httppool.benchmarks.measure.Turns;
import io.github.httppool.benchmarks.report.Result;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * The command {@code virtual-threads}: callers that are virtual threads beside platform
 * threads. Before Java 24 a virtual thread that waits within {@code synchronized} pins
 * its carrier.
 */
public final class VirtualThreads {

	private static final int THREADS = 64;

	private VirtualThreads() {
	}

	/**
	 * Measure.
	 * @param arguments the options
	 * @return the result
	 * @throws Exception if a client cannot be measured
	 */
	public static Result run(Arguments arguments) throws Exception {
		if (Runtime.version().feature() < 21) {
			return new Result("Virtual threads need Java 21 or later.\n");
		}
		Effort effort = arguments.effort();
		List<Variant> variants = Stream.of(false, true)
			.flatMap((virtual) -> Stream.of(ClientKind.TUNED, ClientKind.HTTP_POOL)
				.map((kind) -> new Variant(kind, virtual)))
			.toList();
		StringBuilder text = new StringBuilder();
		try (Upstream upstream = new Upstream(); Fork fork = new Fork(ClassPath.current())) {
			for (Answer answer : List.of(Answer.KB1, Answer.SLOW1)) {
				Turns.Measuring<Variant> measuring = (variant) -> fork.measure(new ClientSpec(variant.kind()),
						Operation.BYTES, List.of(upstream.uri(answer)),
						new Load(THREADS, effort.sliceMillis(300), 0, variant.virtual()));
				Turns.take(variants, effort.either(6, 1), measuring);
				text.append(SliceTable.of(THREADS + " threads, " + answer,
						Turns.take(variants, effort.rounds(9), measuring), Variant::title));
			}
		}
		return new Result(text.toString());
	}

	private record Variant(ClientKind kind, boolean virtual) {

		String title() {
			return this.kind.title() + (this.virtual ? ", virtual threads" : ", platform threads");
		}

	}

}
