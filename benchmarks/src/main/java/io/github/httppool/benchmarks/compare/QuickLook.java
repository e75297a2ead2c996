package io.github.httppool.benchmarks.compare;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

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
		Work work = switch (arguments[2]) {
			case "bytes" -> ComparedClient::bytes;
			case "text" -> ComparedClient::text;
			default -> ComparedClient::ignore;
		};
		int rounds = Integer.parseInt(arguments[3]);
		long millis = Long.parseLong(arguments[4]);
		List<ClientKind> kinds = Arrays.stream(arguments).skip(5).map(ClientKind::valueOf).toList();
		try (Upstream upstream = new Upstream(); Turns<ClientKind> turns = Turns.of(kinds)) {
			Load load = Load.full(work, upstream.uri(answer), threads, millis);
			turns.run(load.during(2 * millis), 3);
			print(arguments[1] + ", " + threads + " threads", turns.run(load, rounds), ClientKind::title);
		}
	}

	/**
	 * Print what was measured, as numbers and as ratios to the first client.
	 */
	static <K> void print(String title, Map<K, List<Slice>> slices, Function<K, String> titles) {
		List<Slice> base = slices.values().iterator().next();
		System.out.println(title);
		slices.forEach((kind, own) -> System.out.printf(
				"%-46s %9.0f calls/s %6.3f | cpu %6.1f us %6.3f | %7.0f B %6.3f | %d failed%n", titles.apply(kind),
				Slice.of(own, Slice::callsPerSecond).median(), Slice.ratio(own, base, Slice::callsPerSecond).median(),
				Slice.of(own, Slice::cpuMicros).median(), Slice.ratio(own, base, Slice::cpuMicros).median(),
				Slice.of(own, Slice::bytes).median(), Slice.ratio(own, base, Slice::bytes).median(),
				Slice.failures(own)));
	}

}
