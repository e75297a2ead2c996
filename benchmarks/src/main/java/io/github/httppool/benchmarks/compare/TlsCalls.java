package io.github.httppool.benchmarks.compare;

import java.util.List;

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
import io.github.httppool.benchmarks.upstream.Certificate;
import io.github.httppool.benchmarks.upstream.Upstream;

/**
 * The command {@code tls}: clients over TLS, in a JVM that trusts the server's
 * certificate.
 */
public final class TlsCalls {

	private static final List<ClientKind> KINDS = List.of(ClientKind.TUNED, ClientKind.HTTP_POOL, ClientKind.BARE,
			ClientKind.BOOT, ClientKind.URL_CONNECTION, ClientKind.OKHTTP);

	private static final int THREADS = 8;

	private TlsCalls() {
	}

	/**
	 * Measure.
	 * @param arguments the options
	 * @return the result
	 * @throws Exception if a client cannot be measured
	 */
	public static Result run(Arguments arguments) throws Exception {
		Effort effort = arguments.effort();
		try (Certificate certificate = new Certificate();
				Upstream upstream = new Upstream(certificate.file());
				Fork fork = new Fork(ClassPath.current(), certificate.trusting())) {
			Load load = new Load(THREADS, effort.sliceMillis(300));
			Turns.Measuring<ClientKind> measuring = (kind) -> fork.measure(new ClientSpec(kind), Operation.BYTES,
					List.of(upstream.uri(Answer.KB1)), load);
			Turns.take(KINDS, effort.either(9, 1), measuring);
			return new Result(SliceTable.of("TLS, " + THREADS + " threads, 1 KB",
					Turns.take(KINDS, effort.rounds(9), measuring), ClientKind::title));
		}
	}

}
