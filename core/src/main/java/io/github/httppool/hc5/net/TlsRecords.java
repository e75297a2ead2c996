package io.github.httppool.hc5.net;

import javax.net.ssl.SSLException;

/**
 * Tracks TLS record boundaries (RFC 8446 section 5.1) while the waiting bytes of an idle
 * connection are read.
 */
final class TlsRecords {

	/**
	 * Maximum number of waiting bytes: a few tickets, or the answer to a renegotiation.
	 */
	private static final int MAX_WAITING = 64 * 1024;

	private static final int HEADER_LENGTH = 5;

	/**
	 * Number of bytes seen of the current record's header.
	 */
	private int headerBytes;

	private int length;

	/**
	 * Number of bytes missing from the current record's payload.
	 */
	private int payloadLeft;

	private int total;

	void read(byte[] bytes, int offset, int count) throws SSLException {
		this.total += count;
		if (this.total > MAX_WAITING) {
			throw new SSLException("More than " + MAX_WAITING + " bytes wait on an idle connection");
		}
		int at = offset;
		int end = offset + count;
		while (at < end) {
			if (this.payloadLeft > 0) {
				int taken = Math.min(this.payloadLeft, end - at);
				this.payloadLeft -= taken;
				at += taken;
			}
			else {
				this.length = (this.length << 8 | bytes[at] & 0xff) & 0xffff;
				at++;
				if (++this.headerBytes == HEADER_LENGTH) {
					this.headerBytes = 0;
					this.payloadLeft = this.length;
				}
			}
		}
	}

	/**
	 * Returns whether a record has begun and not ended.
	 */
	boolean isIncomplete() {
		return this.headerBytes > 0 || this.payloadLeft > 0;
	}

}
