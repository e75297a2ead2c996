package io.github.httppool.testing;

/**
 * The transport of a connection, as a parameter of tests.
 */
public enum Transport {

	PLAIN, TLS_1_2, TLS_1_3;

	public ScriptedUpstream start(ScriptedUpstream.Script script) {
		return switch (this) {
			case PLAIN -> ScriptedUpstream.plain(script);
			case TLS_1_2 -> ScriptedUpstream.tls(script, "TLSv1.2");
			case TLS_1_3 -> ScriptedUpstream.tls(script, "TLSv1.3");
		};
	}

}
