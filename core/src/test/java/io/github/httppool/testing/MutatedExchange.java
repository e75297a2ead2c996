package io.github.httppool.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.httppool.testing.ScriptedUpstream.Exchange;

import static io.github.httppool.testing.Soon.soon;

/**
 * One exchange whose response is damaged, cut and delayed at random. A seed repeats it.
 */
public final class MutatedExchange {

	private static final int MOST_CUTS = 5;

	private static final int LONGEST_PAUSE = 4;

	enum Ending {

		STAY_OPEN, CLOSE, RESET, HALF_CLOSE

	}

	public final long seed;

	/** The source of further decisions about the same call. */
	public final Random random;

	public final String method;

	public final String token;

	/** The token of another response, of which parts can be in this one. */
	public final String spliced;

	public final CallKind kind;

	private final byte[] response;

	private final int[] cuts;

	private final int[] pauses = new int[MOST_CUTS + 2];

	private final Ending ending;

	private final AtomicInteger answering = new AtomicInteger();

	/**
	 * Create an exchange from a seed.
	 * @param seed the seed
	 * @param cut whether the response is cut and delayed. One that comes in one piece has
	 * arrived completely when the caller continues
	 */
	public MutatedExchange(long seed, boolean cut) {
		this.seed = seed;
		// The first numbers of neighbouring seeds of Random itself are alike.
		this.random = new Random(new SplittableRandom(seed).nextLong());
		this.method = (this.random.nextInt(8) == 0) ? "HEAD" : "GET";
		this.token = newToken();
		this.spliced = newToken();
		this.kind = CallKind.any(this.random);
		this.response = response();
		this.cuts = this.random.ints(cut ? this.random.nextInt(MOST_CUTS + 1) : 0, 0, this.response.length + 1)
			.sorted()
			.toArray();
		Arrays.setAll(this.pauses,
				(i) -> cut && this.random.nextBoolean() ? this.random.nextInt(LONGEST_PAUSE + 1) : 0);
		this.ending = switch (this.random.nextInt(8)) {
			case 0, 1 -> Ending.CLOSE;
			case 2 -> Ending.RESET;
			case 3 -> Ending.HALF_CLOSE;
			default -> Ending.STAY_OPEN;
		};
	}

	public String newToken() {
		return String.format("T%016x", this.random.nextLong());
	}

	private byte[] response() {
		byte[] response = RandomResponse.bytes(this.random, this.token, this.method);
		byte[] other = RandomResponse.bytes(this.random, this.spliced, "GET");
		for (int mutations = this.random.nextInt(4); mutations > 0; mutations--) {
			response = Mutation.any(response, other, this.random);
		}
		return response;
	}

	/**
	 * Answer as the server.
	 */
	public void answer(Exchange exchange) throws Exception {
		this.answering.incrementAndGet();
		try {
			int from = 0;
			for (int i = 0; i <= this.cuts.length; i++) {
				int to = (i < this.cuts.length) ? this.cuts[i] : this.response.length;
				pause(exchange, i);
				exchange.sendRaw(Arrays.copyOfRange(this.response, from, to));
				from = to;
			}
			pause(exchange, this.cuts.length + 1);
			switch (this.ending) {
				case CLOSE -> exchange.close();
				case RESET -> exchange.reset();
				case HALF_CLOSE -> exchange.halfClose();
				case STAY_OPEN -> {
				}
			}
		}
		finally {
			this.answering.decrementAndGet();
		}
	}

	private void pause(Exchange exchange, int number) throws InterruptedException {
		if (this.pauses[number] != 0) {
			exchange.after(Duration.ofMillis(this.pauses[number]));
		}
	}

	/**
	 * Wait until the server has sent everything: bytes that arrive during the next
	 * request cannot be distinguished from its response. A request that was abandoned
	 * before the server read it is lost with its connection.
	 */
	public void awaitEnd() {
		if (this.answering.get() != 0) {
			soon().alias("the end of " + this).until(() -> this.answering.get() == 0);
		}
	}

	@Override
	public String toString() {
		return "seed %d: %s by %s, answered with%n%s%ncut at %s, pauses of %s ms, then %s".formatted(this.seed,
				this.method, this.kind, escaped(this.response), Arrays.toString(this.cuts),
				Arrays.toString(this.pauses), this.ending);
	}

	private static String escaped(byte[] bytes) {
		StringBuilder text = new StringBuilder();
		for (char next : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
			switch (next) {
				case '\r' -> text.append("\\r");
				case '\n' -> text.append("\\n\n");
				default -> text.append((next < 32 || next > 126) ? String.format("\\x%02x", (int) next) : next);
			}
		}
		return (text.length() > 3000) ? text.substring(0, 3000) + "…" : text.toString();
	}

}
