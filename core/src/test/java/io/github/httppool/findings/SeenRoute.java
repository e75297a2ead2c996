package io.github.httppool.findings;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;

import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.HeldLease;
import io.github.httppool.PoolSnapshot.Connections;
import io.github.httppool.PoolSnapshot.Totals;
import io.github.httppool.findings.RouteFigures.Connects;
import io.github.httppool.findings.RouteFigures.Idle;

/**
 * Builds the samples of a route for a rule. Counts are those of the whole window, spread
 * evenly over its steps, or over the last ones.
 */
final class SeenRoute {

	private final String route;

	private long since;

	private int steps = Integer.MAX_VALUE;

	private int firstSteps = Integer.MAX_VALUE;

	private boolean onlyStep;

	private int max = 50;

	private int resizedAt;

	private int maxBefore;

	private String maxProperty = RouteFigures.MAX_PER_ROUTE;

	private int peakLeased;

	private int peakPending;

	private int leasedNow = 1;

	private int idle;

	private long opened;

	private long reused;

	private final Map<CloseReason, Long> closed = new EnumMap<>(CloseReason.class);

	private final Map<DrainOutcome, Long> drained = new EnumMap<>(DrainOutcome.class);

	private String undrainedCall;

	private long acquireTimeouts;

	private long refused;

	private long stale;

	private long replayed;

	private long leaks;

	private HeldLease lastLeak;

	private long connectFailed;

	private String connectFailure;

	private long serverClosedIdle;

	private Duration shortestIdle;

	private Timing waited = Timing.NONE;

	private Timing held = Timing.NONE;

	private Timing dns = Timing.NONE;

	private Timing tcp = Timing.NONE;

	private Timing tls = Timing.NONE;

	private long resumed;

	private Duration survivedIdle = Duration.ZERO;

	private long madeRoom;

	private long loggedIn;

	private long callerCloses;

	private SeenRoute beside;

	SeenRoute(String route) {
		this.route = route;
	}

	/**
	 * Set when counting began, as a number that identifies the start.
	 */
	SeenRoute since(long since) {
		this.since = since;
		return this;
	}

	/**
	 * Put all activity into the last steps.
	 */
	SeenRoute inTheLast(int steps) {
		this.steps = steps;
		return this;
	}

	/**
	 * Put all activity into the first steps.
	 */
	SeenRoute inTheFirst(int steps) {
		this.firstSteps = steps;
		return this;
	}

	/**
	 * Set the limit before a step.
	 */
	SeenRoute resized(int step, int maxBefore) {
		this.resizedAt = step;
		this.maxBefore = maxBefore;
		return this;
	}

	/**
	 * Put all activity into one step, starting at 1.
	 */
	SeenRoute inStep(int step) {
		this.firstSteps = step;
		this.onlyStep = true;
		return this;
	}

	/**
	 * Add further activity, for example in other steps.
	 */
	SeenRoute and(Consumer<SeenRoute> numbers) {
		SeenRoute other = new SeenRoute(this.route);
		other.leasedNow(0);
		numbers.accept(other);
		other.beside = this.beside;
		this.beside = other;
		return this;
	}

	SeenRoute leased(int peak, int max) {
		this.peakLeased = peak;
		this.max = max;
		return this;
	}

	/**
	 * Give the route a limit of its own.
	 */
	SeenRoute limitedBy(String maxProperty) {
		this.maxProperty = maxProperty;
		return this;
	}

	/**
	 * Set the number of leased connections at each sample.
	 */
	SeenRoute leasedNow(int leased) {
		this.leasedNow = leased;
		return this;
	}

	SeenRoute idle(int idle) {
		this.idle = idle;
		return this;
	}

	SeenRoute leases(long opened, long reused) {
		this.opened = opened;
		this.reused = reused;
		return this;
	}

	SeenRoute held(Duration mean) {
		long leases = this.opened + this.reused;
		this.held = new Timing(leases, 0, leases * mean.toNanos(), mean.toNanos());
		return this;
	}

	SeenRoute waited(long count, Duration mean, int peakPending) {
		this.waited = new Timing(count, 0, count * mean.toNanos(), 2 * mean.toNanos());
		this.peakPending = peakPending;
		return this;
	}

	SeenRoute acquireTimeouts(long count) {
		this.acquireTimeouts = count;
		return this;
	}

	SeenRoute refused(long count) {
		this.refused = count;
		return this;
	}

	SeenRoute closed(CloseReason reason, long count) {
		this.closed.put(reason, count);
		return this;
	}

	SeenRoute drained(DrainOutcome outcome, long count, String call) {
		this.drained.put(outcome, count);
		this.undrainedCall = call;
		return this;
	}

	SeenRoute stale(long count, long replayed) {
		this.stale = count;
		this.replayed = replayed;
		return this;
	}

	SeenRoute serverClosedIdle(long count, Duration shortest) {
		this.serverClosedIdle = count;
		this.shortestIdle = shortest;
		return this;
	}

	/**
	 * Set the idle time after which a connection was reused.
	 */
	SeenRoute survivedIdle(Duration longest) {
		this.survivedIdle = longest;
		return this;
	}

	SeenRoute madeRoom(long count) {
		this.madeRoom = count;
		return closed(CloseReason.EVICTED, count);
	}

	SeenRoute loggedIn(long count) {
		this.loggedIn = count;
		return closed(CloseReason.EVICTED, count);
	}

	SeenRoute callerCloses(long count) {
		this.callerCloses = count;
		return this;
	}

	SeenRoute leaks(long count, HeldLease last) {
		this.leaks = count;
		this.lastLeak = last;
		return this;
	}

	SeenRoute connectFailed(long count, String last) {
		this.connectFailed = count;
		this.connectFailure = last;
		return this;
	}

	SeenRoute dns(long count, long failures, Duration mean) {
		this.dns = timing(count, failures, mean);
		return this;
	}

	SeenRoute tcp(long count, long failures, Duration mean) {
		this.tcp = timing(count, failures, mean);
		return this;
	}

	SeenRoute tls(long count, long failures, Duration mean, long resumed) {
		this.tls = timing(count, failures, mean);
		this.resumed = resumed;
		return this;
	}

	private static Timing timing(long count, long failures, Duration mean) {
		return new Timing(count, failures, count * mean.toNanos(), 2 * mean.toNanos());
	}

	int peakLeased() {
		return this.peakLeased;
	}

	int idle() {
		return this.idle;
	}

	/**
	 * Return the numbers at the end of a step, 0 for the beginning of the window.
	 */
	RouteFigures at(int step, int allSteps) {
		RouteFigures own = own(step, allSteps);
		return (this.beside != null) ? sum(own, this.beside.at(step, allSteps)) : own;
	}

	private RouteFigures own(int step, int allSteps) {
		int first = this.onlyStep ? this.firstSteps - 1 : Math.max(0, allSteps - this.steps);
		int last = Math.min(allSteps, this.firstSteps);
		LongUnaryOperator until = (all) -> (step <= first) ? 0 : all * (Math.min(step, last) - first) / (last - first);
		int peakLeased = (step <= last && step >= first) ? this.peakLeased : 1;
		boolean idleClosed = this.shortestIdle != null && step > first && step <= last;
		Totals totals = new Totals(until.applyAsLong(this.opened) + until.applyAsLong(this.reused),
				until.applyAsLong(this.opened), until.applyAsLong(this.reused), spread(this.closed, until),
				spread(this.drained, until), until.applyAsLong(this.acquireTimeouts), until.applyAsLong(this.refused),
				until.applyAsLong(this.replayed), until.applyAsLong(this.leaks));
		Connects connects = new Connects(spread(this.dns, until), spread(this.tcp, until), spread(this.tls, until),
				until.applyAsLong(this.resumed), until.applyAsLong(this.connectFailed), this.connectFailure);
		Idle idle = new Idle(until.applyAsLong(this.stale), until.applyAsLong(this.serverClosedIdle),
				idleClosed ? this.shortestIdle.toNanos() : -1, this.survivedIdle.toNanos(),
				until.applyAsLong(this.madeRoom));
		return new RouteFigures(this.route, this.since,
				new Connections(Math.min(this.leasedNow, this.peakLeased), this.idle, 0),
				(step < this.resizedAt) ? this.maxBefore : this.max, this.maxProperty, peakLeased,
				(step <= last) ? this.peakPending : 0, totals, spread(this.waited, until), spread(this.held, until),
				connects, idle, until.applyAsLong(this.callerCloses), until.applyAsLong(this.loggedIn),
				this.undrainedCall, this.lastLeak);
	}

	/**
	 * Return the sum. Values that cannot be added are those of the second one.
	 */
	private static RouteFigures sum(RouteFigures one, RouteFigures two) {
		return new RouteFigures(one.route(), one.since(),
				new Connections(one.connections().leased() + two.connections().leased(),
						one.connections().idle() + two.connections().idle(), 0),
				one.max(), one.maxProperty(), Math.max(one.peakLeased(), two.peakLeased()),
				Math.max(one.peakPending(), two.peakPending()), sum(one.totals(), two.totals()),
				one.waited().plus(two.waited()), one.held().plus(two.held()), sum(one.connects(), two.connects()),
				sum(one.idle(), two.idle()), one.callerCloses() + two.callerCloses(), one.loggedIn() + two.loggedIn(),
				(two.undrainedCall() != null) ? two.undrainedCall() : one.undrainedCall(),
				(two.lastLeak() != null) ? two.lastLeak() : one.lastLeak());
	}

	private static Totals sum(Totals one, Totals two) {
		return new Totals(one.calls() + two.calls(), one.opened() + two.opened(), one.reused() + two.reused(),
				sum(one.closed(), two.closed()), sum(one.drained(), two.drained()),
				one.acquireTimeouts() + two.acquireTimeouts(), one.acquireRejected() + two.acquireRejected(),
				one.replayed() + two.replayed(), one.leaks() + two.leaks());
	}

	private static Connects sum(Connects one, Connects two) {
		return new Connects(one.dns().plus(two.dns()), one.tcp().plus(two.tcp()), one.tls().plus(two.tls()),
				one.tlsResumed() + two.tlsResumed(), one.failed() + two.failed(),
				(two.failure() != null) ? two.failure() : one.failure());
	}

	private static Idle sum(Idle one, Idle two) {
		long shortest = (one.shortest() < 0) ? two.shortest()
				: (two.shortest() < 0) ? one.shortest() : Math.min(one.shortest(), two.shortest());
		return new Idle(one.staleLeased() + two.staleLeased(), one.serverClosed() + two.serverClosed(), shortest,
				Math.max(one.survived(), two.survived()), one.madeRoom() + two.madeRoom());
	}

	private static <K> Map<K, Long> sum(Map<K, Long> one, Map<K, Long> two) {
		Map<K, Long> sum = new HashMap<>(one);
		two.forEach((key, count) -> sum.merge(key, count, Long::sum));
		return sum;
	}

	private static <K> Map<K, Long> spread(Map<K, Long> counts, LongUnaryOperator until) {
		return counts.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (count) -> until.applyAsLong(count.getValue())));
	}

	private static Timing spread(Timing all, LongUnaryOperator until) {
		long count = until.applyAsLong(all.count());
		long nanos = (all.count() != 0) ? all.nanos() / all.count() * count : 0;
		return new Timing(count, until.applyAsLong(all.failures()), nanos, all.longest());
	}

}
