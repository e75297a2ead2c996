package io.github.httppool.hc5.http1;

import org.apache.hc.core5.http.ProtocolException;

/**
 * Parses the values of the fields that declare the length of a body, strictly by RFC 9110
 * section 8.6 and RFC 9112 section 6.1.
 */
final class FramingFields {

	private static final String CHUNKED = "chunked";

	private FramingFields() {
	}

	/**
	 * Parses a number that consists of digits only.
	 * @return the number, or -1 if there is none or it is too large
	 */
	static long parseDigits(String digits) {
		if (digits.isEmpty()) {
			return -1;
		}
		long number = 0;
		for (int i = 0; i < digits.length(); i++) {
			int digit = digits.charAt(i) - '0';
			if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
				return -1;
			}
			number = number * 10 + digit;
		}
		return number;
	}

	/**
	 * Parses a {@code Content-Length}, which may be a list of equal lengths.
	 */
	static long parseLength(String value) throws ProtocolException {
		if (value.indexOf(',') < 0) {
			return requireNumber(value);
		}
		String[] lengths = value.split(",", -1);
		long length = requireNumber(lengths[0].strip());
		for (String further : lengths) {
			requireEqual(length, requireNumber(further.strip()));
		}
		return length;
	}

	static void requireEqual(long length, long further) throws ProtocolException {
		if (length != further) {
			throw new ProtocolException("it has several content lengths");
		}
	}

	private static long requireNumber(String digits) throws ProtocolException {
		long number = parseDigits(digits);
		if (number < 0) {
			throw new ProtocolException("its content length is not a number");
		}
		return number;
	}

	/**
	 * Returns whether a {@code Transfer-Encoding} is {@code chunked} and nothing else.
	 */
	static boolean isChunked(String value) {
		return CHUNKED.equalsIgnoreCase(value);
	}

}
