package io.github.httppool.exceptions;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * What a caller got.
 *
 * @param failure what was thrown, or {@code null}
 * @param interrupted whether the thread of the call was interrupted afterwards
 */
record Outcome(@Nullable Throwable failure, boolean interrupted) {

	/**
	 * Return what Spring wrapped, or what was thrown where it did not.
	 */
	@Nullable Throwable unwrapped() {
		boolean wrapped = this.failure instanceof RestClientException
				&& !(this.failure instanceof RestClientResponseException) && this.failure.getCause() != null;
		return wrapped ? this.failure.getCause() : this.failure;
	}

	/**
	 * Return what Spring wrapped, its cause, and so on.
	 */
	List<Throwable> chain() {
		List<Throwable> chain = new ArrayList<>();
		for (Throwable one = unwrapped(); one != null && !chain.contains(one); one = one.getCause()) {
			chain.add(one);
		}
		return chain;
	}

	/**
	 * Say in what way another outcome does not stand for this one, or {@code null} if it
	 * does: its exceptions are of the same classes, or of subclasses.
	 */
	@Nullable String missingIn(Outcome other) {
		if (this.failure == null || other.failure == null) {
			return (this.failure == other.failure) ? null : this + " <> " + other;
		}
		if (!this.failure.getClass().isInstance(other.failure)) {
			return "thrown";
		}
		List<Throwable> chain = chain();
		List<Throwable> others = other.chain();
		if (!chain.get(0).getClass().isInstance(others.get(0))) {
			return "cause";
		}
		Throwable root = chain.get(chain.size() - 1);
		if (!root.getClass().isInstance(others.get(others.size() - 1))) {
			return "root cause";
		}
		for (Throwable one : chain) {
			if (others.stream().noneMatch(one.getClass()::isInstance)) {
				return one.getClass().getName();
			}
		}
		return (this.interrupted != other.interrupted) ? "interrupt" : null;
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		for (Throwable one = this.failure; one != null; one = one.getCause()) {
			text.append(text.isEmpty() ? "" : " <- ")
				.append(one.getClass().getName())
				.append(": ")
				.append(one.getMessage());
		}
		return (text.isEmpty() ? "no failure" : text) + (this.interrupted ? ", interrupted" : "");
	}

}
