package io.github.httppool.hc5.net;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a host, how it went with each, and how much of the time that they have
 * together is left. Used by one thread.
 */
public final class ConnectAttempts {

	/** RFC 8305, section 5: however many addresses there are. */
	private static final long SHORTEST_DELAY = TimeUnit.MILLISECONDS.toNanos(10);

	private static final AddressHistory NO_HISTORY = new AddressHistory();

	/** In the order of the resolver, as HttpClient tries them. */
	private final List<ConnectAttempt> resolved;

	private final AddressHistory history;

	private final AddressHistory targets;

	private final @Nullable Timeout timeout;

	private final long started = System.nanoTime();

	/** Those that may still be tried, in that order. */
	private final List<ConnectAttempt> open;

	/** Those that were tried, in that order. */
	private final List<ConnectAttempt> tried = new ArrayList<>(1);

	private @Nullable ConnectAttempt lastFailed;

	/**
	 * Create attempts.
	 * @param history the addresses that failed
	 * @param targets what failed behind SOCKS proxies
	 * @param timeout the limit for all of them, or {@code null} for none
	 */
	public ConnectAttempts(List<ConnectAttempt> resolved, AddressHistory history, AddressHistory targets,
			@Nullable Timeout timeout) {
		this.resolved = new ArrayList<>(resolved);
		this.history = history;
		this.targets = targets;
		this.timeout = timeout;
		this.open = (resolved.size() > 1) ? AddressOrder.of(resolved, history, targets) : new ArrayList<>(resolved);
	}

	public static ConnectAttempts to(List<InetSocketAddress> addresses, AddressHistory history,
			@Nullable Timeout timeout) {
		return new ConnectAttempts(addresses.stream().map(ConnectAttempt::new).toList(), history, NO_HISTORY, timeout);
	}

	/**
	 * Return the only attempt, which has failed.
	 */
	public static ConnectAttempts only(ConnectAttempt attempt, @Nullable Timeout timeout) {
		ConnectAttempts only = new ConnectAttempts(List.of(attempt), NO_HISTORY, NO_HISTORY, timeout);
		only.tried.add(attempt);
		only.lastFailed = attempt;
		return only;
	}

	// What is left to be tried

	/**
	 * Return how many addresses may still be tried.
	 */
	int left() {
		return this.open.size();
	}

	/**
	 * Return what may be tried at a time: the addresses of a SOCKS proxy, all for the
	 * target whose turn it is.
	 */
	List<ConnectAttempt> leftToRace() {
		InetSocketAddress target = this.open.get(0).target;
		return this.open.stream().filter((attempt) -> Objects.equals(attempt.target, target)).toList();
	}

	ConnectAttempt next() {
		return begin(this.open.get(0));
	}

	ConnectAttempt begin(ConnectAttempt next) {
		this.open.remove(next);
		this.tried.remove(next);
		this.tried.add(next);
		next.begin();
		return next;
	}

	List<ConnectAttempt> all() {
		return this.resolved;
	}

	boolean hasLimit() {
		return TimeValue.isPositive(this.timeout);
	}

	/**
	 * Return how much of the time is left.
	 * @return the time in nanoseconds, {@link Long#MAX_VALUE} if there is no limit
	 */
	long nanosLeft() {
		Timeout timeout = this.timeout;
		return TimeValue.isPositive(timeout) ? timeout.toNanoseconds() - (System.nanoTime() - this.started)
				: Long.MAX_VALUE;
	}

	/**
	 * Return how long the next attempt may take, where one follows the other: half of
	 * what is left, or all of it for the last one. Equal shares would be too short for
	 * all addresses where there are many and the way is slow.
	 */
	@Nullable Timeout share() {
		if (!hasLimit()) {
			return this.timeout;
		}
		long share = nanosLeft() / ((this.open.isEmpty()) ? 1 : 2);
		return Timeout.ofMilliseconds(Math.max(1, share / 1_000_000));
	}

	/**
	 * Return the delay before the next attempt, while others are pending. It is shorter
	 * than it should be where there would be no time to try all addresses.
	 * @param count how many there are to be tried
	 * @return the delay in nanoseconds
	 */
	long delay(Duration fallbackDelay, int count) {
		long delay = fallbackDelay.toNanos();
		return hasLimit() ? Math.min(delay, Math.max(SHORTEST_DELAY, nanosLeft() / count)) : delay;
	}

	// What became of them

	void succeeded(ConnectAttempt attempt) {
		if (this.resolved.size() > 1) {
			remember(this.history, attempt.address, false);
			remember(this.targets, attempt.target, false);
		}
	}

	/**
	 * Remember a failure.
	 * @param reached whether it was connected to: of a SOCKS proxy, what is behind it
	 * failed
	 * @param counts whether the address is to blame, and not the caller who gave up
	 */
	void failed(ConnectAttempt attempt, boolean reached, boolean counts) {
		this.lastFailed = attempt;
		attempt.connected = reached;
		boolean behind = reached && attempt.target != null;
		if (counts && this.resolved.size() > 1) {
			remember(behind ? this.targets : this.history, behind ? attempt.target : attempt.address, true);
		}
		if (attempt.target != null && !behind) {
			// No other target is reached through this address of the proxy.
			Predicate<ConnectAttempt> same = (other) -> other != attempt
					&& Objects.equals(other.address, attempt.address);
			this.resolved.removeIf(same);
			this.open.removeIf(same);
		}
	}

	/**
	 * Another address was connected first. Should that be in vain, this one is tried
	 * again.
	 * @param overtaken whether the other one began later
	 */
	void lost(ConnectAttempt attempt, boolean overtaken) {
		attempt.giveUp();
		this.open.add(attempt);
		if (overtaken) {
			remember(this.history, attempt.address, true);
		}
	}

	private static void remember(AddressHistory history, @Nullable InetSocketAddress address, boolean failed) {
		if (address == null || address.isUnresolved()) {
			return;
		}
		if (failed) {
			history.failed(address, System.nanoTime());
		}
		else {
			history.succeeded(address);
		}
	}

	/**
	 * Return the attempt whose failure is that of all: as without the pool, that of the
	 * resolver's last address, or what put an end to it before that was tried.
	 */
	public ConnectAttempt decisive() {
		ConnectAttempt last = this.resolved.get(this.resolved.size() - 1);
		ConnectAttempt ended = this.lastFailed;
		if (last.hasFailed() && (this.open.isEmpty() || ended == null)) {
			return last;
		}
		if (ended == null) {
			throw new IllegalStateException("None has failed");
		}
		return ended;
	}

	public List<ConnectAttempt> tried() {
		return this.tried;
	}

	/**
	 * Return what there is to say about each, in the order of trial.
	 */
	public String outcomes() {
		StringBuilder outcomes = new StringBuilder();
		for (ConnectAttempt attempt : this.tried) {
			outcomes.append((outcomes.isEmpty()) ? "" : ", ").append(attempt.outcome());
		}
		for (ConnectAttempt attempt : this.open) {
			if (!attempt.isTried()) {
				outcomes.append(", ").append(attempt.outcome());
			}
		}
		return outcomes.toString();
	}

	public String count() {
		int count = this.resolved.size();
		String all = count + ((count == 1) ? " address" : " addresses");
		return (this.tried.size() < count) ? this.tried.size() + " of " + all : all;
	}

	/**
	 * Return the limit of all attempts together, or {@code null} if there is none.
	 */
	public @Nullable Duration limit() {
		Timeout timeout = this.timeout;
		return TimeValue.isPositive(timeout) ? timeout.toDuration() : null;
	}

}
