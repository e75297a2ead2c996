package io.github.httppool.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.httppool.testing.ScriptedUpstream.Exchange;

/**
 * How a message marks the end of its body, as a parameter of tests.
 */
public enum Framing {

	CONTENT_LENGTH {

		@Override
		public void send(Exchange exchange, int status, byte[] body, String... fields) throws Exception {
			exchange.status(status, body, fields);
		}

	},

	CHUNKED {

		@Override
		public void send(Exchange exchange, int status, byte[] body, String... fields) throws Exception {
			List<String> all = new ArrayList<>(List.of(fields));
			all.add("Transfer-Encoding: chunked");
			exchange.head(status, all.toArray(String[]::new));
			for (int sent = 0; sent < body.length; sent += CHUNK) {
				exchange.chunk(Arrays.copyOfRange(body, sent, Math.min(body.length, sent + CHUNK)));
			}
			exchange.lastChunk();
		}

	},

	END_OF_CONNECTION {

		@Override
		public void send(Exchange exchange, int status, byte[] body, String... fields) throws Exception {
			exchange.head(status, fields).sendRaw(body).close();
		}

	};

	private static final int CHUNK = 700;

	/**
	 * Send a whole response.
	 */
	public abstract void send(Exchange exchange, int status, byte[] body, String... fields) throws Exception;

}
