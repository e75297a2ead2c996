package io.github.httppool.benchmarks;

/**
 * How much to measure.
 *
 * @param rounds number of turns of each variant per run; 0 for the default of the command
 * @param runs number of runs, each in new JVMs; 0 for the default of the command
 * @param sliceMillis duration of one turn, in milliseconds; 0 for the default of the
 * command
 * @param brief whether to check only that everything runs: the results mean nothing
 */
public record Effort(int rounds, int runs, int sliceMillis, boolean brief) {

	private static final int BRIEF_SLICE_MILLIS = 10;

	/**
	 * Return the number of rounds.
	 * @param usual the default of the command
	 * @return the number
	 */
	public int rounds(int usual) {
		return (this.rounds > 0) ? this.rounds : either(usual, 1);
	}

	/**
	 * Return the number of runs.
	 * @param usual the default of the command
	 * @return the number
	 */
	public int runs(int usual) {
		return (this.runs > 0) ? this.runs : either(usual, 1);
	}

	/**
	 * Return the duration of a slice.
	 * @param usual the default of the command, in milliseconds
	 * @return the duration, in milliseconds
	 */
	public int sliceMillis(int usual) {
		return (this.sliceMillis > 0) ? this.sliceMillis : either(usual, BRIEF_SLICE_MILLIS);
	}

	/**
	 * Return one of two numbers.
	 * @param usual the number if results count
	 * @param brief the number if they do not
	 * @return the number
	 */
	public int either(int usual, int brief) {
		return this.brief ? brief : usual;
	}

}
