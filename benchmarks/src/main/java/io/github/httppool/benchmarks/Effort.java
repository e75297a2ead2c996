package io.github.httppool.benchmarks;

/**
 * How much to measure.
 *
 * @param rounds how often each variant has its turn; 0 for as often as the task thinks
 * right
 * @param brief whether it is enough to see that everything still runs: what is measured
 * then says nothing
 */
public record Effort(int rounds, boolean brief) {

	/**
	 * Return how many rounds to run.
	 * @param usual how many the task thinks right
	 * @return the number
	 */
	public int rounds(int usual) {
		return (this.rounds > 0) ? this.rounds : either(usual, 1);
	}

	/**
	 * Return a number that depends on the effort.
	 * @param usual what it is where results count
	 * @param brief what it is where they do not
	 * @return one of the two
	 */
	public int either(int usual, int brief) {
		return this.brief ? brief : usual;
	}

}
