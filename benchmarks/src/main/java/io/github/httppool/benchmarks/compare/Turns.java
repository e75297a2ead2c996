package io.github.httppool.benchmarks.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ComparedClient;

/**
 * Lets clients work in short slices that take turns, so that whatever else the machine
 * does meets all of them alike.
 *
 * @param <K> by what clients are told from each other
 */
public final class Turns<K> implements AutoCloseable {

	/** Enough for all callers of any comparison. */
	public static final int MAX_CONNECTIONS = 100;

	private final Map<K, ComparedClient> clients = new LinkedHashMap<>();

	/**
	 * Open clients.
	 * @param kinds what tells them from each other, in the order of their turns
	 * @param opening what opens one
	 */
	public Turns(List<K> kinds, Function<K, ComparedClient> opening) {
		kinds.forEach((kind) -> this.clients.put(kind, opening.apply(kind)));
	}

	/**
	 * Open clients of several kinds.
	 * @param kinds the kinds, in the order of their turns
	 * @return the clients
	 */
	public static Turns<ClientKind> of(List<ClientKind> kinds) {
		return new Turns<>(kinds, (kind) -> kind.open(MAX_CONNECTIONS));
	}

	/**
	 * Measure all clients, each in every round once, beginning with another in each.
	 * @param load what is put on them
	 * @param rounds how many rounds
	 * @return the slices of each client, in the order of the rounds
	 * @throws InterruptedException if this thread is interrupted
	 */
	public Map<K, List<Slice>> run(Load load, int rounds) throws InterruptedException {
		return run(load, rounds, (kind) -> true);
	}

	/**
	 * Measure some of the clients.
	 * @param load what is put on them
	 * @param rounds how many rounds
	 * @param which which clients
	 * @return the slices of each of these, in the order of the rounds
	 * @throws InterruptedException if this thread is interrupted
	 */
	public Map<K, List<Slice>> run(Load load, int rounds, Predicate<K> which) throws InterruptedException {
		Map<K, List<Slice>> slices = new LinkedHashMap<>();
		List<K> kinds = new ArrayList<>(this.clients.keySet());
		kinds.removeIf(which.negate());
		kinds.forEach((kind) -> slices.put(kind, new ArrayList<>()));
		for (int round = 0; round < rounds; round++) {
			for (int turn = 0; turn < kinds.size(); turn++) {
				K kind = kinds.get((round + turn) % kinds.size());
				slices.get(kind).add(load.slice(this.clients.get(kind)));
			}
		}
		return slices;
	}

	/**
	 * Return a client.
	 * @param kind which
	 * @return the client
	 */
	public ComparedClient client(K kind) {
		return this.clients.get(kind);
	}

	@Override
	public void close() {
		this.clients.values().forEach(ComparedClient::close);
	}

}
