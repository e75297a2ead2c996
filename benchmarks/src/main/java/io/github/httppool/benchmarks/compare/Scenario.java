package io.github.httppool.benchmarks.compare;

import io.github.httppool.benchmarks.clients.ClientKind;
import io.github.httppool.benchmarks.clients.ComparedClient;
import io.github.httppool.benchmarks.upstream.Answer;

/**
 * A column, or two, of the table of clients.
 */
public enum Scenario {

	/** One caller. */
	ONE("1 thread", 1, Answer.KB1, ComparedClient::bytes),

	/** Some callers. */
	EIGHT("8 threads", 8, Answer.KB1, ComparedClient::bytes),

	/** Many callers. */
	MANY("64 threads", 64, Answer.KB1, ComparedClient::bytes),

	/** Many callers of a server that takes its time. */
	SLOW("64 threads, 10 ms upstream", 64, Answer.SLOW1, ComparedClient::bytes),

	/** A body read as text. */
	TEXT("String", 8, Answer.KB1, ComparedClient::text),

	/** A chunked body. */
	CHUNKED("chunked", 8, Answer.CHUNKED1, ComparedClient::bytes),

	/** A chunked body read as text. */
	CHUNKED_TEXT("chunked, String", 8, Answer.CHUNKED1, ComparedClient::text);

	private final String title;

	private final int threads;

	private final Answer answer;

	private final Work work;

	Scenario(String title, int threads, Answer answer, Work work) {
		this.title = title;
		this.threads = threads;
		this.answer = answer;
		this.work = work;
	}

	/**
	 * Return what the scenario is called in a table.
	 * @return the title
	 */
	public String title() {
		return this.title;
	}

	int threads() {
		return this.threads;
	}

	Answer answer() {
		return this.answer;
	}

	Work work() {
		return this.work;
	}

	/**
	 * Say whether a client can do it.
	 * @param kind the client
	 * @return whether it can: one of them knows no chunks
	 */
	public boolean suits(ClientKind kind) {
		return kind != ClientKind.RAW || this.answer != Answer.CHUNKED1;
	}

	/**
	 * Say whether it is about speed: of the others it is known what they allocate, which
	 * needs few rounds.
	 */
	boolean isAboutSpeed() {
		return this.ordinal() <= SLOW.ordinal();
	}

}
