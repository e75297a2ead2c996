package io.github.httppool.sample;

/**
 * The {@link Upstream} cannot listen on its port.
 */
class UpstreamPortException extends IllegalStateException {

	UpstreamPortException(int port, Exception cause) {
		super("The upstream of the sample application cannot listen on port " + port + " ('sample.upstream.port'): "
				+ cause.getMessage(), cause);
	}

}
