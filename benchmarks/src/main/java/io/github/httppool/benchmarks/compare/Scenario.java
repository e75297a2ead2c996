package io.github.httppool.benchmarks.compare;

import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ClientSpec;
import io.github.httppool.benchmarks.clients.Operation;
import io.github.httppool.benchmarks.upstream.Answer;

/**
 * The calls behind a column of the tables of clients.
 */
public enum Scenario {

	/** One caller. */
	ONE("1 thread", 1, Answer.KB1, Operation.BYTES, false),

	/** Some callers. */
	EIGHT("8 threads", 8, Answer.KB1, Operation.BYTES, false),

	/** Many callers. */
	MANY("64 threads", 64, Answer.KB1, Operation.BYTES, false),

	/** Many callers of a slow server. */
	SLOW("64 threads, 10 ms upstream", 64, Answer.SLOW1, Operation.BYTES, false),

	/** One observed caller. */
	OBSERVED_ONE("1 thread, observed", 1, Answer.KB1, Operation.BYTES, true),

	/** Some observed callers. */
	OBSERVED_EIGHT("8 threads, observed", 8, Answer.KB1, Operation.BYTES, true),

	/** Many observed callers. */
	OBSERVED_MANY("64 threads, observed", 64, Answer.KB1, Operation.BYTES, true),

	/** A body read as text. */
	TEXT("String", 8, Answer.KB1, Operation.TEXT, false),

	/** A chunked body. */
	CHUNKED("chunked", 8, Answer.CHUNKED1, Operation.BYTES, false),

	/** A chunked body read as text. */
	CHUNKED_TEXT("chunked, String", 8, Answer.CHUNKED1, Operation.TEXT, false);

	private final String title;

	private final int threads;

	private final Answer answer;

	private final Operation operation;

	private final boolean observed;

	Scenario(String title, int threads, Answer answer, Operation operation, boolean observed) {
		this.title = title;
		this.threads = threads;
		this.answer = answer;
		this.operation = operation;
		this.observed = observed;
	}

	String title() {
		return this.title;
	}

	int threads() {
		return this.threads;
	}

	Answer answer() {
		return this.answer;
	}

	Operation operation() {
		return this.operation;
	}

	ClientSpec client(ClientKind kind) {
		return new ClientSpec(kind, ClientSpec.ENOUGH_CONNECTIONS, this.observed);
	}

	/**
	 * Return whether a client is measured: the raw socket loop knows no chunks, and only
	 * Spring's clients can be observed.
	 * @param kind the client
	 * @return whether it is measured
	 */
	boolean suits(ClientKind kind) {
		return this.observed ? kind.isObservable() : kind != ClientKind.RAW || this.answer != Answer.CHUNKED1;
	}

	/**
	 * Return whether throughput is compared. The other scenarios compare allocation,
	 * which needs few rounds.
	 */
	boolean isAboutSpeed() {
		return this.ordinal() < TEXT.ordinal();
	}

}
