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
 * The addresses of a host, the outcome of each attempt, and the remaining part of their
 * common time limit. Not thread-safe: used by the thread that connects.
 */
public final class ConnectAttempts {

	/**
	 * Minimum delay between attempts (RFC 8305, section 5), for any number of addresses.
	 */
	private static final long MIN_DELAY = TimeUnit.MILLISECONDS.toNanos(10);

	private static final AddressHistory NO_HISTORY = new AddressHistory();

	/**
	 * In resolver order, in which HttpClient tries them.
	 */
	private final List<ConnectAttempt> resolved;

	private final AddressHistory history;

	private final AddressHistory targets;

	private final @Nullable Timeout timeout;

	private final long started = System.nanoTime();

	/**
	 * Attempts that may still be made, in order.
	 */
	private final List<ConnectAttempt> open;

	/**
	 * Attempts that were made, in order.
	 */
	private final List<ConnectAttempt> tried = new ArrayList<>(1);

	private @Nullable ConnectAttempt lastFailed;

	/**
	 * Creates attempts.
	 * @param history the addresses that failed recently
	 * @param targets the targets that failed behind SOCKS proxies
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
	 * Returns the only attempt, which has failed.
	 */
	public static ConnectAttempts only(ConnectAttempt attempt, @Nullable Timeout timeout) {
		ConnectAttempts only = new ConnectAttempts(List.of(attempt), NO_HISTORY, NO_HISTORY, timeout);
		only.tried.add(attempt);
		only.lastFailed = attempt;
		return only;
	}

	// Remaining attempts

	/**
	 * Returns the number of addresses that may still be tried.
	 */
	int left() {
		return this.open.size();
	}

	/**
	 * Returns the attempts that may run concurrently: the addresses of a SOCKS proxy, all
	 * for the current target.
	 */
	List<ConnectAttempt> remainingForRace() {
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
	 * Returns the remaining time.
	 * @return the time in nanoseconds, {@link Long#MAX_VALUE} if there is no limit
	 */
	long nanosLeft() {
		Timeout timeout = this.timeout;
		return TimeValue.isPositive(timeout) ? timeout.toNanoseconds() - (System.nanoTime() - this.started)
				: Long.MAX_VALUE;
	}

	/**
	 * Returns the time limit of the next attempt when attempts run one after another:
	 * half of the remaining time, or all of it for the last attempt. With many addresses
	 * and a slow network, equal shares would be too short for every address.
	 */
	@Nullable Timeout share() {
		if (!hasLimit()) {
			return this.timeout;
		}
		long share = nanosLeft() / ((this.open.isEmpty()) ? 1 : 2);
		return Timeout.ofMilliseconds(Math.max(1, share / 1_000_000));
	}

	/**
	 * Returns the delay before the next attempt, while others are pending. The delay is
	 * reduced if the remaining time would otherwise not allow all attempts.
	 * @param count the number of remaining attempts
	 * @return the delay in nanoseconds
	 */
	long delay(Duration fallbackDelay, int count) {
		long delay = fallbackDelay.toNanos();
		return hasLimit() ? Math.min(delay, Math.max(MIN_DELAY, nanosLeft() / count)) : delay;
	}

	// Outcomes

	void succeeded(ConnectAttempt attempt) {
		if (this.resolved.size() > 1) {
			remember(this.history, attempt.address, false);
			remember(this.targets, attempt.target, false);
		}
	}

	/**
	 * Remembers a failure.
	 * @param reached whether TCP was connected; behind a SOCKS proxy, the target failed
	 * @param counts whether the address caused the failure, rather than a caller that
	 * gave up
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
	 * Called when another address was connected first. If the rest of its setup fails,
	 * this address is tried again.
	 * @param overtaken whether the other attempt began later
	 */
	void abandoned(ConnectAttempt attempt, boolean overtaken) {
		attempt.abandon();
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
	 * Returns the attempt whose failure is reported to the caller. As with plain
	 * HttpClient, this is the resolver's last address, or the attempt that ended the
	 * sequence before it.
	 */
	public ConnectAttempt decisive() {
		ConnectAttempt last = this.resolved.get(this.resolved.size() - 1);
		ConnectAttempt ended = this.lastFailed;
		if (last.hasFailed() && (this.open.isEmpty() || ended == null)) {
			return last;
		}
		if (ended == null) {
			throw new IllegalStateException("No attempt has failed");
		}
		return ended;
	}

	public List<ConnectAttempt> tried() {
		return this.tried;
	}

	/**
	 * Returns the outcome of each attempt for an exception message, in order.
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
	 * Returns the common time limit of all attempts, or {@code null} if there is none.
	 */
	public @Nullable Duration limit() {
		Timeout timeout = this.timeout;
		return TimeValue.isPositive(timeout) ? timeout.toDuration() : null;
	}

}
