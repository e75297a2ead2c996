package io.github.httppool.benchmarks.compare;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * Callers that are virtual threads beside callers that are not. Before Java 24 a virtual
 * thread that waits within {@code synchronized} holds its carrier.
 */
public final class VirtualThreads {

	private static final List<ClientKind> KINDS = List.of(ClientKind.TUNED, ClientKind.HTTP_POOL);

	private VirtualThreads() {
	}

	/**
	 * Measure and print.
	 * @param effort how thoroughly
	 * @throws Exception if something cannot be run
	 */
	public static void run(Effort effort) throws Exception {
		if (Runtime.version().feature() < 21) {
			System.out.println("No virtual threads before Java 21: run it with a later one, best 25");
			return;
		}
		try (Upstream upstream = new Upstream(); Turns<ClientKind> turns = Turns.of(KINDS)) {
			for (Answer answer : List.of(Answer.KB1, Answer.SLOW1)) {
				Load platform = Load.full(ComparedClient::bytes, upstream.uri(answer), 64, effort.either(300, 10));
				Load virtual = new Load(platform.work(), platform.uri(), platform.threads(), platform.millis(), 0,
						virtualThreads());
				Map<String, List<Slice>> slices = new LinkedHashMap<>();
				turns.run(virtual.during(effort.either(1000, 10)), effort.either(3, 1));
				turns.run(platform.during(effort.either(1000, 10)), 1);
				for (int round = 0; round < effort.rounds(9); round++) {
					add(slices, "platform, ", turns.run(platform, 1));
					add(slices, "virtual, ", turns.run(virtual, 1));
				}
				QuickLook.print("64 threads, " + answer, slices, (name) -> name);
			}
		}
	}

	private static void add(Map<String, List<Slice>> slices, String threads, Map<ClientKind, List<Slice>> more) {
		more.forEach(
				(kind, own) -> slices.computeIfAbsent(threads + kind.title(), (name) -> new java.util.ArrayList<>())
					.addAll(own));
	}

	/**
	 * {@code Thread.ofVirtual()::unstarted}, for a compiler that does not know it.
	 */
	private static Function<Runnable, Thread> virtualThreads() throws ReflectiveOperationException {
		Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
		Method unstarted = Class.forName("java.lang.Thread$Builder").getMethod("unstarted", Runnable.class);
		return (task) -> {
			try {
				return (Thread) unstarted.invoke(builder, task);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		};
	}

}
