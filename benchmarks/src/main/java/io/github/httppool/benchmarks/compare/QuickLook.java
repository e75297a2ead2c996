package io.github.httppool.benchmarks.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * A short comparison of some clients, for whoever makes one of them faster.
 */
public final class QuickLook {

	private QuickLook() {
	}

	/**
	 * Compare.
	 * @param arguments threads, answer ({@code KB1}), work ({@code bytes}, {@code text}
	 * or {@code ignore}), rounds, milliseconds of a slice, and the clients
	 * @throws Exception if something cannot be run
	 */
	public static void main(String[] arguments) throws Exception {
		int threads = Integer.parseInt(arguments[0]);
		Answer answer = Answer.valueOf(arguments[1]);
		Turns.Work work = switch (arguments[2]) {
			case "bytes" -> ComparedClient::bytes;
			case "text" -> ComparedClient::text;
			default -> ComparedClient::ignore;
		};
		int rounds = Integer.parseInt(arguments[3]);
		long millis = Long.parseLong(arguments[4]);
		List<ClientKind> kinds = Arrays.stream(arguments).skip(5).map(ClientKind::valueOf).toList();
		try (Upstream upstream = new Upstream(); Turns turns = new Turns(kinds, 100)) {
			turns.run(work, upstream.uri(answer), threads, 3, 2 * millis);
			Map<ClientKind, List<Turns.Slice>> slices = turns.run(work, upstream.uri(answer), threads, rounds, millis);
			List<Turns.Slice> base = slices.values().iterator().next();
			slices.forEach((kind, own) -> System.out.printf(
					"%-40s %9.0f calls/s %6.3f | cpu %6.1f us %6.3f | %7.0f B %6.3f | %d failed%n", kind.title(),
					Turns.median(own.stream().mapToDouble(Turns.Slice::callsPerSecond).toArray()),
					Turns.ratio(own, base, Turns.Slice::callsPerSecond),
					Turns.median(own.stream().mapToDouble(Turns.Slice::cpuMicros).toArray()),
					Turns.ratio(own, base, Turns.Slice::cpuMicros),
					Turns.median(own.stream().mapToDouble(Turns.Slice::bytes).toArray()),
					Turns.ratio(own, base, Turns.Slice::bytes), own.stream().mapToLong(Turns.Slice::failures).sum()));
		}
	}

}
