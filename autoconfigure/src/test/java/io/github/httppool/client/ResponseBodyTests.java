package io.github.httppool.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * A response body is read as any stream, marks included, and in one piece where its size
 * can be known.
 */
class ResponseBodyTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 1023, 1024, 1025, 5000, 65_536, 65_537, 300_000 })
	void readsAllBytesHoweverTheyCome(int length) throws IOException {
		byte[] bytes = bytes(length);
		for (int piece : new int[] { 1, 700, 8192, Integer.MAX_VALUE }) {
			for (int available : new int[] { 0, 1, 100, Integer.MAX_VALUE }) {
				assertThat(body(bytes, piece, available).readAllBytes()).isEqualTo(bytes);
				ResponseBody looked = body(bytes, piece, available);
				lookWhetherEmpty(looked);
				assertThat(looked.readAllBytes()).isEqualTo(bytes);
				assertThat(looked.read()).isEqualTo(-1);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "10,0", "10,3", "10,10", "10,20", "100000,99999", "100000,100000", "100000,2147483647" })
	void readsSoManyBytesAsAreAskedForAndNoMore(int length, int asked) throws IOException {
		byte[] bytes = bytes(length);
		ResponseBody body = body(bytes, 3000, 500);
		lookWhetherEmpty(body);
		int expected = Math.min(length, asked);
		assertThat(body.readNBytes(asked)).isEqualTo(Arrays.copyOf(bytes, expected));
		assertThat(body.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, expected, length));
	}

	@Test
	void refusesANegativeNumber() {
		assertThatIllegalArgumentException().isThrownBy(() -> body(bytes(1), 1, 0).readNBytes(-1));
	}

	@Test
	void readsABodyOfKnownLengthWithOneReadAfterTheFirstByte() throws IOException {
		Pieces pieces = new Pieces(bytes(1024), Integer.MAX_VALUE, 0);
		ResponseBody body = new ResponseBody(pieces);
		lookWhetherEmpty(body);
		assertThat(body.readNBytes(1024)).hasSize(1024);
		assertThat(pieces.reads).isEqualTo(2);
	}

	@Test
	void believesNoServerThatPromisesMuch() throws IOException {
		ResponseBody body = body(bytes(10), 10, 10);
		assertThat(body.readNBytes(Integer.MAX_VALUE - 8)).hasSize(10);
		assertThat(body(bytes(10), 10, 2_000_000_000).readAllBytes()).hasSize(10);
	}

	@Test
	void doesWhatABufferedStreamDoesInWhateverOrder() throws IOException {
		for (int seed = 0; seed < 2000; seed++) {
			Random random = new Random(seed);
			byte[] bytes = bytes(random.nextInt(60));
			int piece = 1 + random.nextInt(20);
			// With a buffer as large as the body it never loses a mark within the limit.
			InputStream expected = new BufferedInputStream(new ByteArrayInputStream(bytes), 64);
			ResponseBody body = body(bytes, piece, random.nextInt(30));
			int left = -1;
			for (int step = 0; step < 40; step++) {
				int size = random.nextInt(12);
				switch (random.nextInt(6)) {
					case 0 -> {
						int read = body.read();
						assertThat(read).as("seed %d", seed).isEqualTo(expected.read());
						left -= (read >= 0) ? 1 : 0;
					}
					case 1 -> {
						byte[] some = new byte[size + 2];
						int read = body.read(some, 1, size);
						assertThat(Arrays.copyOfRange(some, 1, 1 + Math.max(read, 0))).as("seed %d", seed)
							.isEqualTo(expected.readNBytes(Math.max(read, 0)));
						left -= Math.max(read, 0);
					}
					case 2 -> {
						assertThat(body.readNBytes(size)).as("seed %d", seed).isEqualTo(expected.readNBytes(size));
						left -= size;
					}
					case 3 -> {
						body.mark(size);
						expected.mark(64);
						left = size;
					}
					case 4 -> {
						long skipped = body.skip(size);
						assertThat(expected.readNBytes((int) skipped)).as("seed %d", seed).hasSize((int) skipped);
						left -= (int) skipped;
					}
					default -> {
						if (left >= 0) {
							body.reset();
							expected.reset();
							body.mark(size);
							expected.mark(64);
							left = size;
						}
					}
				}
			}
			assertThat(body.readAllBytes()).as("seed %d", seed).isEqualTo(expected.readAllBytes());
		}
	}

	@Test
	void forgetsAMarkOnceMoreIsReadThanItsLimit() throws IOException {
		ResponseBody body = body(bytes(10), 10, 0);
		assertThatExceptionOfType(IOException.class).isThrownBy(body::reset);
		body.mark(2);
		assertThat(body.readNBytes(2)).hasSize(2);
		body.reset();
		assertThat(body.readNBytes(3)).hasSize(3);
		assertThatExceptionOfType(IOException.class).isThrownBy(body::reset);
	}

	@Test
	void aFailureIsOneAlsoAfterAMark() throws IOException {
		InputStream broken = new InputStream() {

			private int reads;

			@Override
			public int read() throws IOException {
				if (this.reads++ == 0) {
					return 'a';
				}
				throw new IOException("broken");
			}

		};
		ResponseBody body = new ResponseBody(broken);
		lookWhetherEmpty(body);
		assertThat(body.read()).isEqualTo('a');
		assertThatExceptionOfType(IOException.class).isThrownBy(body::read).withMessage("broken");
	}

	@Test
	void nothingIsReadFromAClosedBodyNotEvenWhatWasKept() throws IOException {
		Pieces pieces = new Pieces(bytes(10), 10, 0);
		ResponseBody body = new ResponseBody(pieces);
		lookWhetherEmpty(body);
		body.close();
		assertThat(pieces.closed).isTrue();
		assertThatExceptionOfType(IOException.class).isThrownBy(body::read);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> body.read(new byte[5]));
		assertThatExceptionOfType(IOException.class).isThrownBy(body::readAllBytes);
	}

	@Test
	void knowsWhatCanBeReadWithoutWaiting() throws IOException {
		ResponseBody body = body(bytes(10), 10, 7);
		assertThat(body.available()).isEqualTo(7);
		lookWhetherEmpty(body);
		assertThat(body.available()).isEqualTo(8);
	}

	@Test
	void canBeTransferredAndSkipped() throws IOException {
		ResponseBody body = body(bytes(100), 7, 0);
		lookWhetherEmpty(body);
		body.skipNBytes(40);
		ByteArrayOutputStream rest = new ByteArrayOutputStream();
		assertThat(body.transferTo(rest)).isEqualTo(60);
		assertThat(rest.toByteArray()).isEqualTo(Arrays.copyOfRange(bytes(100), 40, 100));
	}

	/**
	 * As Spring does before it reads.
	 */
	private static void lookWhetherEmpty(InputStream body) throws IOException {
		assertThat(body.markSupported()).isTrue();
		body.mark(1);
		if (body.read() != -1) {
			body.reset();
		}
	}

	private static byte[] bytes(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

	private static ResponseBody body(byte[] bytes, int piece, int available) {
		return new ResponseBody(new Pieces(bytes, piece, available));
	}

	/**
	 * Bytes that come in pieces of a size, with an opinion on how many there are.
	 */
	private static final class Pieces extends InputStream {

		private final byte[] bytes;

		private final int piece;

		private final int available;

		private int next;

		private int reads;

		private boolean closed;

		private Pieces(byte[] bytes, int piece, int available) {
			this.bytes = bytes;
			this.piece = piece;
			this.available = available;
		}

		@Override
		public int read() throws IOException {
			byte[] one = new byte[1];
			return (read(one, 0, 1) == 1) ? one[0] & 0xff : -1;
		}

		@Override
		public int read(byte[] into, int offset, int length) throws IOException {
			if (this.closed) {
				throw new IOException("closed");
			}
			if (length == 0) {
				return 0;
			}
			this.reads++;
			int read = Math.min(Math.min(length, this.piece), this.bytes.length - this.next);
			System.arraycopy(this.bytes, this.next, into, offset, read);
			this.next += read;
			return (read != 0) ? read : -1;
		}

		@Override
		public int available() {
			return this.available;
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

}
