package io.github.httppool.testing;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Ways to damage a message.
 */
public enum Mutation {

	FLIP {

		@Override
		String apply(String message, String other, Random random) {
			int at = position(message, random);
			return replace(message, at, at + 1, String.valueOf((char) (message.charAt(at) ^ (1 << random.nextInt(8)))));
		}

	},

	SET {

		@Override
		String apply(String message, String other, Random random) {
			int at = position(message, random);
			return replace(message, at, at + 1, rubbish(random));
		}

	},

	INSERT {

		@Override
		String apply(String message, String other, Random random) {
			int at = position(message, random);
			return replace(message, at, at, rubbish(random).repeat(1 + random.nextInt(4)));
		}

	},

	DELETE {

		@Override
		String apply(String message, String other, Random random) {
			int at = position(message, random);
			return replace(message, at, Math.min(message.length(), at + 1 + random.nextInt(20)), "");
		}

	},

	DUPLICATE {

		@Override
		String apply(String message, String other, Random random) {
			int at = position(message, random);
			int end = Math.min(message.length(), at + 1 + random.nextInt(random.nextBoolean() ? 20 : 2000));
			return replace(message, at, at, message.substring(at, end));
		}

	},

	TRUNCATE {

		@Override
		String apply(String message, String other, Random random) {
			return message.substring(0, position(message, random));
		}

	},

	SPLICE {

		@Override
		String apply(String message, String other, Random random) {
			int from = random.nextBoolean() ? 0 : position(other, random);
			int at = position(message, random);
			return replace(message, at, random.nextBoolean() ? at : message.length(), other.substring(from));
		}

	},

	APPEND {

		@Override
		String apply(String message, String other, Random random) {
			return message + (random.nextBoolean() ? other : rubbish(random));
		}

	},

	CHANGE_CASE {

		@Override
		String apply(String message, String other, Random random) {
			int at = position(message, random);
			int end = Math.min(message.length(), at + 1 + random.nextInt(40));
			StringBuilder changed = new StringBuilder(message);
			for (int i = at; i < end; i++) {
				char old = message.charAt(i);
				if (old < 128 && Character.isLetter(old)) {
					changed.setCharAt(i, (char) (old ^ 32));
				}
			}
			return changed.toString();
		}

	},

	DAMAGE_LINE_END {

		@Override
		String apply(String message, String other, Random random) {
			String[] damaged = { "\n", "\r", "\n\r", "", "\r\r\n", "\r\n\r\n", " \r\n", "\r\n ", "\0\r\n" };
			return replaceOne(LINE_END, message, damaged[random.nextInt(damaged.length)], random);
		}

	},

	REPEAT_LINE {

		@Override
		String apply(String message, String other, Random random) {
			MatchResult line = anyOf(LINE, message, random);
			return (line != null) ? replace(message, line.start(), line.start(), line.group()) : message;
		}

	},

	CHANGE_NUMBER {

		@Override
		String apply(String message, String other, Random random) {
			MatchResult number = anyOf(NUMBER, message, random);
			if (number == null) {
				return message;
			}
			String old = number.group();
			String[] changed = { "0", "1", "-" + old, "+" + old, "0" + old, old + "0", old + ", " + old, "0x" + old,
					"9223372036854775807", "9223372036854775808", "ffffffffffffffffff", " " + old, old.substring(1) };
			return replace(message, number.start(), number.end(), changed[random.nextInt(changed.length)]);
		}

	},

	ADD_FIELD {

		@Override
		String apply(String message, String other, Random random) {
			String[] fields = { "Content-Length: 5", "Content-Length: 0", "Content-Length: 100000",
					"Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Transfer-Encoding: gzip, chunked",
					"Transfer-Encoding : chunked", "Connection: close", "Connection: keep-alive",
					"Content-Encoding: gzip", "Content-Encoding: br", "Location: /plain/added", "Trailer: X-Trailer",
					"Upgrade: h2c\r\nConnection: upgrade", "X-Long: " + "x".repeat(20_000) };
			return replaceOne(LINE_END, message, "\r\n" + fields[random.nextInt(fields.length)] + "\r\n", random);
		}

	};

	private static final Pattern LINE_END = Pattern.compile("\r\n");

	private static final Pattern LINE = Pattern.compile("[^\r\n]+\r\n");

	private static final Pattern NUMBER = Pattern.compile("(?<![0-9a-fA-F])[0-9a-fA-F]{1,5}(?=[\r; ])");

	private static final String[] RUBBISH = { "\0", "\r", "\n", "\r\n", " ", "\t", ":", ";", ",", "-", "0", "9", "f",
			"\u00ff", "\u0080", "HTTP/1.1 200 OK\r\n", "\"", "{", "A" };

	abstract String apply(String message, String other, Random random);

	/**
	 * Damage a message.
	 * @param message what is damaged
	 * @param other another message of which parts may be taken
	 * @param random the source of randomness
	 * @return the damaged message
	 */
	public static byte[] any(byte[] message, byte[] other, Random random) {
		if (message.length == 0) {
			return message;
		}
		Mutation mutation = values()[random.nextInt(values().length)];
		return mutation
			.apply(new String(message, StandardCharsets.ISO_8859_1), new String(other, StandardCharsets.ISO_8859_1),
					random)
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Most ambiguities are in the head and at the beginning of the body.
	 */
	private static int position(String message, Random random) {
		int head = message.indexOf("\r\n\r\n") + 8;
		return random.nextInt((random.nextInt(3) != 0) ? Math.min(message.length(), head) : message.length());
	}

	private static String rubbish(Random random) {
		return RUBBISH[random.nextInt(RUBBISH.length)];
	}

	private static String replace(String message, int from, int to, String replacement) {
		return message.substring(0, from) + replacement + message.substring(to);
	}

	private static String replaceOne(Pattern pattern, String message, String replacement, Random random) {
		MatchResult found = anyOf(pattern, message, random);
		return (found != null) ? replace(message, found.start(), found.end(), replacement) : message;
	}

	private static MatchResult anyOf(Pattern pattern, String message, Random random) {
		MatchResult[] found = pattern.matcher(message).results().toArray(MatchResult[]::new);
		return (found.length != 0) ? found[random.nextInt(found.length)] : null;
	}

}
