package io.github.httppool.hostile;

import java.util.List;
import java.util.stream.Collectors;

import io.github.httppool.CloseReason;

/**
 * What becomes of the connections of a case.
 *
 * @param reasons why they were closed
 * @param opened whether there were any
 * @param kept whether one is used by the next call
 */
record Fate(List<CloseReason> reasons, boolean opened, boolean kept) {

	/** None is closed, and the next call uses one of them. */
	static final Fate KEPT = new Fate(List.of(), true, true);

	/** There never was a connection. */
	static final Fate NEVER_OPENED = new Fate(List.of(), false, false);

	/**
	 * All are closed.
	 * @param reasons a reason for each
	 */
	static Fate closed(CloseReason... reasons) {
		return new Fate(List.of(reasons), true, false);
	}

	/**
	 * Several were used, of which one is kept.
	 * @param reasons a reason for each of the others
	 */
	static Fate keptBeside(CloseReason... reasons) {
		return new Fate(List.of(reasons), true, true);
	}

	@Override
	public String toString() {
		if (!this.opened) {
			return "never opened";
		}
		String closed = this.reasons.stream()
			.map((reason) -> "`" + reason.code() + "`")
			.collect(Collectors.joining(", "));
		return closed + (this.kept ? (closed.isEmpty() ? "kept" : ", then one kept") : "");
	}

}
