package io.github.httppool.hc5.net;

import javax.net.ssl.SSLException;

/**
 * Follows where records of TLS end (RFC 8446 section 5.1), while what waits on an idle
 * connection is read.
 */
final class TlsRecords {

	/** So much may wait: some tickets, or the answer to a renegotiation. */
	private static final int MOST = 64 * 1024;

	private static final int HEADER = 5;

	/** Of the header of this record, how much has been seen. */
	private int seen;

	private int length;

	/** Of the payload of this record, how much is missing. */
	private int missing;

	private int total;

	void read(byte[] bytes, int offset, int count) throws SSLException {
		this.total += count;
		if (this.total > MOST) {
			throw new SSLException("More than " + MOST + " bytes wait on an idle connection");
		}
		int at = offset;
		int end = offset + count;
		while (at < end) {
			if (this.missing > 0) {
				int taken = Math.min(this.missing, end - at);
				this.missing -= taken;
				at += taken;
			}
			else {
				this.length = (this.length << 8 | bytes[at] & 0xff) & 0xffff;
				at++;
				if (++this.seen == HEADER) {
					this.seen = 0;
					this.missing = this.length;
				}
			}
		}
	}

	/**
	 * Return whether a record has begun and not ended.
	 */
	boolean isWithinOne() {
		return this.seen > 0 || this.missing > 0;
	}

}
