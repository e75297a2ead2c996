package io.github.httppool.hostile;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.httppool.HttpPoolCustomizer;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.TestCertificates;
import io.github.httppool.testing.Transport;

/**
 * Something that a server, a proxy or a caller does and should not, and what must come of
 * it. Immutable; made by {@link #of}.
 *
 * @param name unique within its group
 * @param story what happens
 * @param transports what it happens over
 * @param script what the server does with the requests of the case; those after it are
 * answered well
 * @param setUp changes to the server
 * @param onConnect what the server does with new connections during the case
 * @param settings properties of the application, without {@code http-pool.}
 * @param customizer a further customizer of the pool, or {@code null}
 * @param trusted what the application trusts
 * @param target the base URL of the calls, or {@code null} for that of the server
 * @param before what happens to a connection that a good call has opened before, or
 * {@code null} for no such call
 * @param caller what the caller does
 * @param meanwhile what others do at the same time
 * @param afterwards what happens between the call and the next one
 * @param pause how long after the case the next call is made
 * @param outcome what the caller gets
 * @param within how long that may take
 * @param fate what becomes of the connections
 */
record HostileCase(String name, String story, Set<Transport> transports, ScriptedUpstream.Script script,
		Function<ScriptedUpstream, ScriptedUpstream> setUp, ScriptedUpstream.ConnectionScript onConnect,
		List<String> settings, Function<ScriptedUpstream, HttpPoolCustomizer> customizer,
		Supplier<TestCertificates> trusted, Function<ScriptedUpstream, String> target, Action before, Caller caller,
		Action meanwhile, Action afterwards, Duration pause, Outcome outcome, Duration within, Fate fate) {

	/**
	 * Begin a case.
	 * @param name what it is called
	 * @param story what happens, as the table shows it
	 */
	static Builder of(String name, String story) {
		return new Builder(name, story);
	}

	/**
	 * What happens beside the calls.
	 */
	@FunctionalInterface
	interface Action {

		void run(Scene scene) throws Exception;

	}

	/**
	 * Collects the parts of a case; what is not said is as in everyday life.
	 */
	static final class Builder {

		private final String name;

		private final String story;

		private Set<Transport> transports = EnumSet.allOf(Transport.class);

		private ScriptedUpstream.Script script = (exchange) -> exchange.ok("hello");

		private Function<ScriptedUpstream, ScriptedUpstream> setUp = Function.identity();

		private ScriptedUpstream.ConnectionScript onConnect = (connection) -> {
		};

		private List<String> settings = List.of();

		private Function<ScriptedUpstream, HttpPoolCustomizer> customizer = (upstream) -> new HttpPoolCustomizer() {
		};

		private Supplier<TestCertificates> trusted = TestCertificates::localhost;

		private Function<ScriptedUpstream, String> target = ScriptedUpstream::url;

		private Action before;

		private Caller caller = Caller.READS;

		private Action meanwhile = (scene) -> {
		};

		private Action afterwards = (scene) -> {
		};

		private Duration pause = Duration.ZERO;

		private Builder(String name, String story) {
			this.name = name;
			this.story = story;
		}

		Builder over(Transport first, Transport... further) {
			this.transports = EnumSet.of(first, further);
			return this;
		}

		/**
		 * Say what the server does, with any means.
		 */
		Builder server(ScriptedUpstream.Script script) {
			this.script = script;
			return this;
		}

		/**
		 * Let the server send some text in one piece.
		 */
		Builder sends(String text) {
			return server((exchange) -> exchange.sendRaw(text));
		}

		/**
		 * Let the server send a header and then some text, in one piece.
		 */
		Builder sends(int status, String field, String body) {
			return sends(Exchange.headText(status, field) + body);
		}

		/**
		 * Let the server send some text in one piece, and close.
		 */
		Builder sendsAndCloses(String text) {
			return server((exchange) -> exchange.sendRaw(text).close());
		}

		Builder setUp(Function<ScriptedUpstream, ScriptedUpstream> setUp) {
			this.setUp = setUp;
			return this;
		}

		Builder onConnect(ScriptedUpstream.ConnectionScript script) {
			this.onConnect = script;
			return this;
		}

		/**
		 * Set properties of the pool.
		 * @param settings each as {@code name=value}, without {@code http-pool.}
		 */
		Builder with(String... settings) {
			this.settings = List.of(settings);
			return this;
		}

		Builder customizer(Function<ScriptedUpstream, HttpPoolCustomizer> customizer) {
			this.customizer = customizer;
			return this;
		}

		Builder trusts(Supplier<TestCertificates> trusted) {
			this.trusted = trusted;
			return this;
		}

		Builder target(Function<ScriptedUpstream, String> target) {
			this.target = target;
			return this;
		}

		/**
		 * Make a good call before, whose connection is then idle, and let something
		 * happen to it.
		 */
		Builder idleBefore(Action before) {
			this.before = before;
			return this;
		}

		Builder caller(Caller caller) {
			this.caller = caller;
			return this;
		}

		Builder meanwhile(Action meanwhile) {
			this.meanwhile = meanwhile;
			return this;
		}

		Builder afterwards(Action afterwards) {
			this.afterwards = afterwards;
			return this;
		}

		/**
		 * Wait before the next call: what the server did must arrive first, and an idle
		 * connection is looked at after some milliseconds only.
		 */
		Builder nextCallLater() {
			this.pause = Duration.ofMillis(30);
			return this;
		}

		/**
		 * Complete the case.
		 */
		HostileCase gets(Outcome outcome, int withinSeconds, Fate fate) {
			return new HostileCase(this.name, this.story, this.transports, this.script, this.setUp, this.onConnect,
					this.settings, this.customizer, this.trusted, this.target, this.before, this.caller, this.meanwhile,
					this.afterwards, this.pause, outcome, Duration.ofSeconds(withinSeconds), fate);
		}

	}

}
