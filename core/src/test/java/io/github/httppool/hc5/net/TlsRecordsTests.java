package io.github.httppool.hc5.net;

import java.util.Random;

import javax.net.ssl.SSLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for finding the ends of records.
 */
class TlsRecordsTests {

	@Test
	void endOfARecordIsFoundHoweverItIsCut() throws Exception {
		Random random = new Random(13);
		for (int run = 0; run < 200; run++) {
			TlsRecords records = new TlsRecords();
			for (int i = 0; i < 3; i++) {
				byte[] record = record(random.nextInt(700));
				int at = 0;
				while (at < record.length) {
					int count = 1 + random.nextInt(record.length - at);
					records.read(record, at, count);
					at += count;
					assertThat(records.isIncomplete()).isEqualTo(at < record.length);
				}
			}
		}
	}

	@Test
	void recordLongerThanTlsAllowsIsRejected() throws Exception {
		TlsRecords records = new TlsRecords();
		byte[] record = record(16 * 1024);
		for (int i = 0; i < 3; i++) {
			records.read(record, 0, record.length);
		}
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> records.read(record, 0, record.length));
	}

	private static byte[] record(int length) {
		byte[] record = new byte[5 + length];
		record[0] = 23;
		record[1] = 3;
		record[2] = 3;
		record[3] = (byte) (length >> 8);
		record[4] = (byte) length;
		return record;
	}

}
