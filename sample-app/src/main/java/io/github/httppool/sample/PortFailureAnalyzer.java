package io.github.httppool.sample;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Reports which of the two ports is in use, and how to choose others. Spring Boot's own
 * analysis does not know the second port.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class PortFailureAnalyzer implements FailureAnalyzer {

	private static final String ACTION = "Stop the process that listens on this port, or choose other ports: "
			+ "java -jar sample-app/target/http-pool-sample-app.jar --server.port=8090 --sample.upstream.port=8091. "
			+ "With port 0, the application uses any free port and logs it.";

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof PortInUseException web) {
				return new FailureAnalysis(
						"Port " + web.getPort() + " of the sample application ('server.port') is already in use.",
						ACTION, cause);
			}
			if (cause instanceof UpstreamPortException upstream) {
				return new FailureAnalysis(upstream.getMessage() + ".", ACTION, cause);
			}
		}
		return null;
	}

}
