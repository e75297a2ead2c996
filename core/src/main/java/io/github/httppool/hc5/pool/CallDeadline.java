package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.github.httppool.CallPhase;
import io.github.httppool.CallTimeoutException;
import io.github.httppool.hc5.net.Housekeeper;
import io.github.httppool.hc5.net.ProcessPauses;
import io.github.httppool.hc5.net.ScheduledTimeout;
import io.github.httppool.hc5.observe.Explanation;
import io.github.httppool.hc5.observe.RouteStats;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * The time limit of a whole call, in any phase and on any thread. Calls without a time
 * limit have none. When it expires, the housekeeper cancels the wait or closes the
 * connection; the caller's thread then explains the failure.
 * <p>
 * Only the thread that executes the call writes the phases. A call is executed by one
 * thread at a time.
 */
public final class CallDeadline extends ScheduledTimeout {

	private static final CallPhase[] PHASES = CallPhase.values();

	private final transient PoolContext pool;

	private final transient HttpRequest request;

	private final transient Duration limit;

	/**
	 * Time spent in each phase, in nanoseconds, or -1 for phases that the call did not
	 * reach.
	 */
	private final long[] spent = new long[PHASES.length];

	private volatile CallPhase phase = CallPhase.ACQUIRING;

	private volatile long phaseBegan;

	private transient volatile @Nullable Wait wait;

	/**
	 * Cleared by the thread that ends the lease: the thread of the call, or the
	 * housekeeper at the deadline.
	 */
	private final AtomicReference<@Nullable Holder> lease = new AtomicReference<>();

	/**
	 * Whether the caller has received the response. From then on the call ends with its
	 * lease.
	 */
	private volatile boolean answered;

	private transient volatile @Nullable RouteStats route;

	private final transient InterruptMonitor interrupts = new InterruptMonitor();

	private final AtomicReference<CallerState> caller = new AtomicReference<>(CallerState.IN_CALL);

	public CallDeadline(PoolContext pool, HttpRequest request, Duration limit, long now) {
		super(now, limit.toNanos());
		this.pool = pool;
		this.request = request;
		this.limit = limit;
		this.phaseBegan = now;
		Arrays.fill(this.spent, -1);
		this.interrupts.resume();
	}

	/**
	 * Enter another phase of the call.
	 */
	public void enter(CallPhase next) {
		watchInterrupts();
		if (hasFired()) {
			// The call has already ended.
			return;
		}
		long now = System.nanoTime();
		leave(now);
		this.phase = next;
		this.phaseBegan = now;
	}

	/**
	 * Begin to distinguish interrupts by other threads from the interrupt by this
	 * deadline. Called before application code runs. Any operation on a channel or a
	 * selector ends the monitoring.
	 */
	public void watchInterrupts() {
		if (this.caller.get() != CallerState.RETURNED) {
			this.interrupts.resume();
		}
	}

	private void leave(long now) {
		int index = this.phase.ordinal();
		this.spent[index] = Math.max(0, this.spent[index]) + now - this.phaseBegan;
	}

	/**
	 * Return the remaining time.
	 * @return the time in nanoseconds, at least 1
	 */
	public long left() {
		return Math.max(1, leftNow());
	}

	private long leftNow() {
		return this.pool.housekeeper().pauses().left(this.began, this.deadline, System.nanoTime());
	}

	// Resources of the call

	/**
	 * Called when the call requests a connection.
	 * @param wait the wait to cancel at the deadline
	 * @param route the route of the connection
	 * @throws CallTimeoutException if the deadline has already passed
	 */
	public void acquires(Wait wait, RouteStats route) throws CallTimeoutException {
		this.route = route;
		enter(CallPhase.ACQUIRING);
		this.wait = wait;
		check();
	}

	/**
	 * Called when the call holds a connection. If the deadline has passed, the next step
	 * fails.
	 */
	void holds(Holder lease) {
		this.lease.set(lease);
		this.wait = null;
		if (hasFired()) {
			takeAway();
		}
	}

	/**
	 * Called when the call releases its connection.
	 * @return {@code false} if the connection was closed at the deadline
	 */
	public boolean leaseEnds(Holder lease) {
		boolean untouched = this.lease.compareAndSet(lease, null);
		if (this.answered) {
			this.pool.housekeeper().cancel(this);
		}
		return untouched;
	}

	private boolean takeAway() {
		Holder lease = this.lease.getAndSet(null);
		if (lease != null) {
			lease.closeAtDeadline();
		}
		return lease != null;
	}

	/**
	 * Called when the caller has received the response. Only its body may remain.
	 */
	public void answered() {
		this.answered = true;
		if (this.lease.get() == null) {
			this.pool.housekeeper().cancel(this);
		}
	}

	/**
	 * Fail if the housekeeper has ended the call.
	 */
	public void check() throws CallTimeoutException {
		if (hasFired()) {
			throw exception();
		}
	}

	/**
	 * Fail if the deadline has passed, even if the housekeeper has not detected it yet.
	 */
	public void checkTime() throws CallTimeoutException {
		if (leftNow() <= 0) {
			fire();
		}
		check();
	}

	@Override
	protected boolean isThreadLate() {
		Holder lease = this.lease.get();
		return lease != null && lease.isInputWaiting();
	}

	@Override
	protected void expired() {
		this.pool.events()
			.callTimedOut(this.route, CallDescription.of(this.request), this.limit, this.phase.description());
		Wait wait = this.wait;
		if (wait != null) {
			wait.cancel();
		}
		boolean held = takeAway();
		boolean waiting = wait != null && wait.isWaiting();
		if (isWithOthers(this.phase) || (!held && !waiting)) {
			if (Thread.currentThread() instanceof Housekeeper.Worker) {
				this.pool.housekeeper().interruptLater(this::interruptCaller);
			}
			else {
				interruptCaller();
			}
		}
	}

	/**
	 * Return whether a caller that holds a connection may be waiting for application
	 * code: the producer of the request body, or an interceptor of the response.
	 */
	private static boolean isWithOthers(CallPhase phase) {
		return phase == CallPhase.SENDING || phase == CallPhase.READING;
	}

	/**
	 * Interrupt the caller's thread, which may be waiting outside of the pool: in the
	 * pause of a retry strategy, in an interceptor, or in the producer of the request
	 * body. The housekeeper delegates this to a background thread, because an interrupt
	 * may run application code.
	 */
	private void interruptCaller() {
		if (!this.interrupts.isInterrupted()
				&& this.caller.compareAndSet(CallerState.IN_CALL, CallerState.INTERRUPTING)) {
			this.interrupts.interrupt();
			this.caller.set(CallerState.INTERRUPTED);
		}
	}

	/**
	 * Called when the call returns to its caller. Afterwards the deadline no longer
	 * interrupts the thread; interrupts by other threads are preserved.
	 */
	public void returns() {
		boolean interrupted = !this.caller.compareAndSet(CallerState.IN_CALL, CallerState.RETURNED);
		while (this.caller.get() == CallerState.INTERRUPTING) {
			Thread.onSpinWait();
		}
		this.caller.set(CallerState.RETURNED);
		this.interrupts.end(interrupted);
	}

	/**
	 * Return the exception for the caller.
	 */
	public IOException explain(IOException failure) {
		return (hasFired() && !(failure instanceof CallTimeoutException)) ? exception() : failure;
	}

	public CallTimeoutException exception() {
		Map<CallPhase, Duration> phases = phases();
		RouteStats route = this.route;
		String name = (route != null) ? route.name : "";
		return new CallTimeoutException(this.pool.name(), name, Explanation.callTimedOut(this.pool, name,
				CallDescription.of(this.request), this.limit, this.phase, phases, stoodStill()), this.phase, phases);
	}

	private long stoodStill() {
		return ProcessPauses.ifRelevant(this.pool.housekeeper().pauses().since(this.began), this.limit.toNanos());
	}

	private Map<CallPhase, Duration> phases() {
		Map<CallPhase, Duration> phases = new EnumMap<>(CallPhase.class);
		for (CallPhase each : PHASES) {
			long nanos = this.spent[each.ordinal()];
			if (each == this.phase) {
				nanos = Math.max(0, nanos) + Math.max(0, this.deadline + stoodStill() - this.phaseBegan);
			}
			if (nanos >= 0) {
				phases.put(each, Duration.ofNanos(nanos));
			}
		}
		return phases;
	}

	/**
	 * A wait for a connection.
	 */
	public interface Wait extends Cancellable {

		/**
		 * Return whether the caller's thread waits at the moment.
		 */
		boolean isWaiting();

	}

	/**
	 * The lease of a call.
	 */
	interface Holder {

		/**
		 * Close the connection, because the deadline has passed.
		 */
		void closeAtDeadline();

		/**
		 * Return whether a thread waits for bytes of the server.
		 */
		boolean isInputWaiting();

	}

	/**
	 * Describes whether the deadline may interrupt the caller's thread.
	 *
	 * <pre>
	 *               deadline                  interrupted
	 * IN_CALL ------------------&gt; INTERRUPTING -----------&gt; INTERRUPTED
	 *    |                                                       |
	 *    |  the call returns                                     |
	 *    v            the call returns, without the interrupt    |
	 * RETURNED &lt;-------------------------------------------------+
	 * </pre>
	 */
	private enum CallerState {

		/** The thread waits for the response. */
		IN_CALL,

		/** Another thread is interrupting it. */
		INTERRUPTING,

		/** It was interrupted. */
		INTERRUPTED,

		/** It must no longer be interrupted. */
		RETURNED

	}

}
