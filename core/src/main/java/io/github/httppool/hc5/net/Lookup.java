package io.github.httppool.hc5.net;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * One lookup of a host, for all callers that wait for it. Its mutable fields are guarded
 * by the lock of the pool's lookups.
 */
public final class Lookup extends FutureTask<Lookup.Answer> {

	/**
	 * Equals the time that glibc spends on one server by default (5 s, twice). After that
	 * a new lookup may succeed.
	 */
	static final long REPLACED_AFTER = TimeUnit.SECONDS.toNanos(10);

	/**
	 * How long an answer that was too late for its caller is kept for later callers.
	 */
	static final long LATE_ANSWER_KEPT = TimeUnit.SECONDS.toNanos(10);

	final Key key;

	private final Consumer<Lookup> ended;

	private @Nullable Lookup replaced;

	/**
	 * Number of callers that wait for this lookup.
	 */
	int waiting;

	/**
	 * Whether a caller has stopped waiting.
	 */
	boolean givenUp;

	/**
	 * {@link System#nanoTime()} at the start, or 0 while queued.
	 */
	long begun;

	private volatile boolean successful;

	/**
	 * When a late answer expires, or 0 if there is none.
	 */
	private long answerEnds;

	/**
	 * Creates a lookup.
	 * @param replaced the lookup that this one replaces
	 * @param ended called with this lookup when it ends, on the thread that ends it
	 */
	Lookup(Key key, @Nullable Lookup replaced, Consumer<Lookup> ended) {
		super(() -> key.resolve());
		this.key = key;
		this.ended = ended;
		this.replaced = (replaced != null && !replaced.isDone()) ? replaced : null;
	}

	/**
	 * Returns whether a new caller should start a new lookup. A host never has more than
	 * two, so that it cannot occupy all threads.
	 */
	boolean mayBeReplaced(long now) {
		if (isDone()) {
			return this.answerEnds == 0 || now - this.answerEnds >= 0;
		}
		Lookup before = this.replaced;
		if (before != null && before.isDone()) {
			this.replaced = null;
		}
		return this.replaced == null && this.begun != 0 && now - this.begun >= REPLACED_AFTER;
	}

	/**
	 * Keeps the answer for a limited time if it was too late for a caller.
	 * @return whether the answer was kept
	 */
	boolean keepLateAnswer(long now) {
		if (!this.givenUp || !this.successful) {
			return false;
		}
		this.answerEnds = now + LATE_ANSWER_KEPT;
		return true;
	}

	String age(long now) {
		return DurationFormat.format(Duration.ofNanos(now - this.begun));
	}

	void fail(Throwable failure) {
		set(new Answer(List.of(), failure));
	}

	@Override
	protected void set(Answer answer) {
		this.successful = answer.failure == null;
		super.set(answer);
	}

	@Override
	protected void done() {
		this.ended.accept(this);
	}

	/**
	 * The key of a lookup.
	 *
	 * @param resolver the resolver
	 * @param host the name of the host
	 * @param port the port, which a resolver may put into its answer
	 */
	record Key(DnsResolver resolver, String host, int port) {

		private Answer resolve() {
			try {
				return new Answer(this.resolver.resolve(this.host, this.port), null);
			}
			catch (Throwable ex) {
				// FutureTask would call toString() on a thrown exception,
				// which may itself throw.
				return new Answer(List.of(), ex);
			}
		}

	}

	/**
	 * The result of a lookup.
	 *
	 * @param addresses the addresses
	 * @param failure the exception of the resolver, or {@code null}
	 */
	record Answer(List<InetSocketAddress> addresses, @Nullable Throwable failure) {
	}

}
