package io.github.httppool.exceptions;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import io.github.httppool.exceptions.Client.Level;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.ScriptedUpstream.Exchange;
import io.github.httppool.testing.SocksScript;
import io.github.httppool.testing.TestCertificates;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpComponentsClientHttpRequestFactoryBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.RestClientResponseException;

import static io.github.httppool.testing.Soon.soon;

/**
 * Something that makes a call fail, and the exceptions that the caller gets.
 */
final class Situation {

	final String name;

	Set<Way> ways = EnumSet.of(Way.PLAIN);

	private @Nullable Set<Level> levels;

	ScriptedUpstream.Script script = (exchange) -> exchange.ok("hello");

	UnaryOperator<ScriptedUpstream> setUp = UnaryOperator.identity();

	ScriptedUpstream.ConnectionScript onConnect = (connection) -> {
	};

	Function<Play, URI> target = Play::server;

	List<String> settings = new ArrayList<>();

	UnaryOperator<HttpComponentsClientHttpRequestFactoryBuilder> customizer = UnaryOperator.identity();

	UnaryOperator<ApplicationContextRunner> application = UnaryOperator.identity();

	ScriptedUpstream.@Nullable ConnectionScript hello;

	String[] protocols = {};

	/** What a proxy does with {@code CONNECT}. */
	ScriptedUpstream.Script connect = (exchange) -> {
		exchange.head(200);
		exchange.connection().startTls();
	};

	SocksScript.Answers socks = SocksScript.Answers.of(0, SocksScript.GRANTED);

	Supplier<TestCertificates> trusted = TestCertificates::localhost;

	/** Whether the server answers well what is asked before. */
	boolean goodBefore;

	Action before = (play) -> {
	};

	Action caller = (play) -> play.get(Client.Reader.ALL);

	Action meanwhile = (play) -> {
	};

	/** What the plain client throws, one of these; empty if it does not fail. */
	List<Class<? extends Throwable>> plain = List.of();

	/** What a client of the pool throws, or {@code null} for the same. */
	@Nullable Class<? extends Throwable> ours;

	/** Why there is nothing to compare, or {@code null}. */
	@Nullable String remark;

	/** Whether the call is made in a virtual thread, which Java 17 does not have. */
	boolean virtual;

	/** Whether it needs an application of its own. */
	boolean alone;

	/** Whether there may be no failure. */
	boolean mayPass;

	/** Whether the plain client would never end. */
	boolean plainNotRun;

	private Situation(String name) {
		this.name = name;
	}

	static Situation of(String name) {
		return new Situation(name);
	}

	Situation over(Way first, Way... more) {
		this.ways = EnumSet.of(first, more);
		return this;
	}

	Situation at(Level first, Level... more) {
		this.levels = EnumSet.of(first, more);
		return this;
	}

	Situation server(ScriptedUpstream.Script script) {
		this.script = script;
		return this;
	}

	Situation sendsAndCloses(String text) {
		return server((exchange) -> {
			exchange.sendRaw(text);
			exchange.close();
		});
	}

	Situation sends(int status, String field, String body) {
		return server((exchange) -> exchange.sendRaw(Exchange.headText(status, field) + body));
	}

	Situation setUp(UnaryOperator<ScriptedUpstream> setUp) {
		this.setUp = setUp;
		return this;
	}

	Situation onConnect(ScriptedUpstream.ConnectionScript script) {
		this.onConnect = script;
		return this;
	}

	/**
	 * Do something in place of TLS.
	 */
	Situation onHello(ScriptedUpstream.ConnectionScript script) {
		this.hello = script;
		return connect((exchange) -> {
			exchange.head(200);
			script.accepted(exchange.connection());
			exchange.close();
		});
	}

	Situation target(Function<Play, URI> target) {
		this.target = target;
		return this;
	}

	Situation with(String... settings) {
		this.settings.addAll(Arrays.asList(settings));
		return this;
	}

	Situation customizer(UnaryOperator<HttpComponentsClientHttpRequestFactoryBuilder> customizer) {
		this.customizer = customizer;
		return this;
	}

	Situation application(UnaryOperator<ApplicationContextRunner> application) {
		this.application = application;
		return this;
	}

	/**
	 * Let the server speak TLS in these versions only.
	 */
	Situation protocols(String... protocols) {
		this.protocols = protocols;
		return this;
	}

	Situation connect(ScriptedUpstream.Script connect) {
		this.connect = connect;
		return this;
	}

	Situation socks(SocksScript.Answers socks) {
		this.socks = socks;
		return this;
	}

	Situation trusts(Supplier<TestCertificates> trusted) {
		this.trusted = trusted;
		return this;
	}

	Situation before(Action before) {
		this.before = before;
		return this;
	}

	/**
	 * Make a good call before, over the connection of which the other one goes.
	 */
	Situation afterGoodCall() {
		this.goodBefore = true;
		return before((play) -> {
			play.get(Client.Reader.ALL);
			soon().until(() -> play.upstream().lastConnection().isIdle());
		});
	}

	Situation caller(Action caller) {
		this.caller = caller;
		return this;
	}

	/**
	 * Say that it changes the application for all others.
	 */
	Situation alone() {
		this.alone = true;
		return this;
	}

	Situation inVirtualThread() {
		this.virtual = true;
		return this;
	}

	Situation meanwhile(Action meanwhile) {
		this.meanwhile = meanwhile;
		return this;
	}

	/**
	 * Say what the plain client throws, one of these: which one can depend on the moment.
	 */
	@SafeVarargs
	final Situation fails(Class<? extends Throwable>... plain) {
		this.plain = List.of(plain);
		return this;
	}

	/**
	 * Say what a client of the pool throws where it is not the same class.
	 */
	Situation ours(Class<? extends Throwable> ours) {
		this.ours = ours;
		return this;
	}

	/**
	 * Say that there is nothing to compare, and why.
	 */
	Situation deliberately(@Nullable Class<? extends Throwable> ours, String remark) {
		this.ours = ours;
		this.remark = remark;
		return this;
	}

	/**
	 * Say so, where the plain client would wait without end.
	 */
	Situation onlyOurs(Class<? extends Throwable> ours, String remark) {
		this.plainNotRun = true;
		return deliberately(ours, remark);
	}

	/**
	 * Say whether the plain client failed as is known of it.
	 */
	boolean expects(Outcome plain) {
		Throwable failure = plain.unwrapped();
		// Spring makes an exception of a status.
		boolean none = failure == null || failure instanceof RestClientResponseException;
		return none ? this.plain.isEmpty() || this.mayPass : this.plain.contains(failure.getClass());
	}

	/**
	 * Say whether what a client of the pool gets will do where the plain client gets
	 * something. Where the moment decides, each of both can be another one's.
	 */
	boolean isMet(Outcome plain, Outcome ours) {
		Throwable failure = ours.unwrapped();
		return plain.missingIn(ours) == null
				|| (this.plain.size() > 1 && this.plain.stream().anyMatch((type) -> type.isInstance(failure)));
	}

	/**
	 * Return at which levels to call: at all of them where nothing is in between, and
	 * else where there may be a difference.
	 */
	Set<Level> levels(Way way) {
		if (this.levels != null) {
			return this.levels;
		}
		return switch (way) {
			case PLAIN -> EnumSet.of(Level.RETRIEVE, Level.REST_TEMPLATE, Level.HTTP_CLIENT);
			case TLS -> EnumSet.of(Level.RETRIEVE, Level.HTTP_CLIENT);
			case SOCKS, PROXY, TUNNEL -> EnumSet.of(Level.HTTP_CLIENT);
		};
	}

	/**
	 * Say that there is no failure over some ways, or at some levels.
	 */
	Situation orPasses() {
		this.mayPass = true;
		return this;
	}

	boolean isComparable() {
		return this.remark == null;
	}

	@Override
	public String toString() {
		return this.name;
	}

	/**
	 * What happens beside the call.
	 */
	@FunctionalInterface
	interface Action {

		void run(Play play) throws Exception;

	}

}
