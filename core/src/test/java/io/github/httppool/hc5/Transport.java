package io.github.httppool.hc5;

import io.github.httppool.testing.ScriptedUpstream;

/**
 * What bytes travel over, for tests that must hold for all of it.
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
