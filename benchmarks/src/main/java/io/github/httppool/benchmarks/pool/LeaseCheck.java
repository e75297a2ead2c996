package io.github.httppool.benchmarks.pool;

import java.io.IOException;

import io.github.httppool.benchmarks.Effort;
import io.github.httppool.benchmarks.report.Statistics;
import io.github.httppool.benchmarks.upstream.Answer;
import io.github.httppool.benchmarks.upstream.Upstream;
import io.github.httppool.hc5.CheckedSocket;

/**
 * What the check of an idle connection takes, in microseconds.
 *
 * @param atEachLease looking for bytes that wait
 * @param afterInactivity looking for the end of the stream too
 */
public record LeaseCheck(Statistics atEachLease, Statistics afterInactivity) {

	/**
	 * Measure and print.
	 * @param effort how thoroughly
	 * @return what was measured
	 * @throws IOException if the server cannot be reached
	 */
	public static LeaseCheck measure(Effort effort) throws IOException {
		int rounds = effort.rounds(13);
		int checks = effort.either(20_000, 100);
		double[][] micros = new double[2][rounds];
		try (Upstream upstream = new Upstream(); CheckedSocket socket = new CheckedSocket(upstream.uri(Answer.EMPTY))) {
			for (int i = 0; i < 2; i++) {
				micros(socket, i % 2 == 1, 2 * checks);
			}
			for (int round = 0; round < rounds; round++) {
				micros[0][round] = micros(socket, false, checks);
				micros[1][round] = micros(socket, true, checks);
			}
		}
		return new LeaseCheck(Statistics.of(micros[0]), Statistics.of(micros[1])).print();
	}

	private static double micros(CheckedSocket socket, boolean thorough, int checks) {
		long started = System.nanoTime();
		for (int i = 0; i < checks; i++) {
			if (!socket.isSound(thorough)) {
				throw new IllegalStateException("The server is gone");
			}
		}
		return (System.nanoTime() - started) / 1e3 / checks;
	}

	private LeaseCheck print() {
		System.out.printf("Check before a lease: %s us at each, %s us after inactivity%n", this.atEachLease.toString(2),
				this.afterInactivity.toString(2));
		return this;
	}

}
