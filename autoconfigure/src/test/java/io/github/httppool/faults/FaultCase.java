package io.github.httppool.faults;

import java.util.Set;

import io.github.httppool.FindingCode;
import io.github.httppool.Severity;

/**
 * A real situation in which something is wrong, and what the pool must find.
 *
 * @param code what must be found
 * @param severity how bad that is
 * @param story what happens, as the table shows it
 * @param beside what else is true of the situation
 * @param varying what is not the same in every run, in the advice: a regular expression
 * @param play how the situation is made
 */
record FaultCase(FindingCode code, Severity severity, String story, Set<FindingCode> beside, String varying,
		Play play) {

	static FaultCase of(FindingCode code, Severity severity, String story, Play play) {
		return new FaultCase(code, severity, story, Set.of(), "(?!)", play);
	}

	FaultCase beside(FindingCode other) {
		return new FaultCase(this.code, this.severity, this.story, Set.of(other), this.varying, this.play);
	}

	FaultCase varying(String varying) {
		return new FaultCase(this.code, this.severity, this.story, this.beside, varying, this.play);
	}

	@Override
	public String toString() {
		return this.code + ": " + this.story;
	}

	/**
	 * Makes the situation.
	 */
	@FunctionalInterface
	interface Play {

		Fault begin(Scene scene) throws Exception;

	}

	/**
	 * A situation that was made.
	 *
	 * @param route the route to be named, or {@code null} for the whole pool
	 * @param numbers the numbers to be told: a regular expression for a part of the
	 * message
	 * @param advice a regular expression for a part of the advice
	 * @param mend makes everything well
	 */
	record Fault(String route, String numbers, String advice, Scene.Call mend) {

		static Fault on(String route, String numbers, Scene.Call mend) {
			return new Fault(route, numbers, "", mend);
		}

		Fault advising(String advice) {
			return new Fault(this.route, this.numbers, advice, this.mend);
		}

	}

}
