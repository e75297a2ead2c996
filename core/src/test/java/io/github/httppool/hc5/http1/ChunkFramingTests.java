package io.github.httppool.hc5.http1;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

import io.github.httppool.CloseReason;
import io.github.httppool.testing.RawAnswer;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for chunked bodies (RFC 9112 section 7.1).
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChunkFramingTests {

	private static final String END = "0\r\n\r\n";

	@ParameterizedTest
	@ValueSource(strings = { "5\r\nhello\r\n0\r\n\r\n", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
			"0000000000000005\r\nhello\r\n0000\r\n\r\n", "5;a=b\r\nhello\r\n0;last\r\n\r\n",
			"5;a=\"b;\\\"\t\u00fc\";c\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n0\r\nA: b\r\nC:\r\n\r\n" })
	void validChunksAreReadAndTheConnectionIsKept(String chunks) throws Exception {
		RawAnswer.chunked(chunks).isReadAndKept("hello");
	}

	@Test
	void sizesAreHexadecimalInAnyCase() throws Exception {
		String body = "x".repeat(0xaB);
		RawAnswer.chunked("aB\r\n" + body + "\r\n" + END).isReadAndKept(body);
	}

	@ParameterizedTest
	@ValueSource(strings = { "5 \r\nhello\r\n0\r\n\r\n", "5\t \r\nhello\r\n0\r\n\r\n", "5 ;a=b\r\nhello\r\n0\r\n\r\n",
			"5\r\nhello\r\n0 \r\n\r\n" })
	void whitespaceAfterASizeIsAcceptedButTheConnectionIsClosed(String chunks) throws Exception {
		RawAnswer.chunked(chunks).isReadAndNotKept("hello", CloseReason.ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\r\nhello\r\n", ";a=b\r\nhello\r\n", " 5\r\nhello\r\n", "\t5\r\nhello\r\n",
			"+5\r\nhello\r\n", "-5\r\nhello\r\n", "-0\r\n\r\n", "g\r\nhello\r\n", "\r\n5\r\nhello\r\n",
			"\u00b55\r\nhello\r\n", "\u00005\r\nhello\r\n" })
	void chunkWithoutSizeIsRejected(String chunk) throws Exception {
		RawAnswer.chunked(chunk + END).isRefused("a chunk has no size");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0x5\r\nhello\r\n", "5h\r\nhello\r\n", "5 5\r\nhello\r\n", "5,5\r\nhello\r\n",
			"5\nhello\r\n", "5 \nhello\r\n", "5;a\nhello\r\n", "5;a\n;b\r\nhello\r\n", "5;\u0000\r\nhello\r\n",
			"5;a \u007f\r\nhello\r\n", "5.0\r\nhello\r\n", "5\u00b2\r\nhello\r\n" })
	void garbageAfterASizeIsRejected(String chunk) throws Exception {
		RawAnswer.chunked(chunk + END).isRefused("followed by something else than an extension or CRLF");
	}

	@ParameterizedTest
	@ValueSource(strings = { "5\rhello\r\n", "5;a\rb\r\nhello\r\n", "5\r\r\nhello\r\n" })
	void bareCarriageReturnAfterASizeIsRejected(String chunk) throws Exception {
		RawAnswer.chunked(chunk + END).isRefused("the size of a chunk is not followed by CRLF");
	}

	@ParameterizedTest
	@ValueSource(strings = { "8000000000000000", "ffffffffffffffff", "FFFFFFFFFFFFFFFB" })
	void sizeThatOverflowsIsRejected(String size) throws Exception {
		RawAnswer.chunked(size + "\r\nhello\r\n" + END).isRefused("the size of a chunk is too large");
	}

	@ParameterizedTest
	@ValueSource(strings = { "10000000000000005", "00000000000000005", "fffffffffffffffffffffffffffffffffff" })
	void sizeWithTooManyDigitsIsRejected(String size) throws Exception {
		RawAnswer.chunked(size + "\r\nhello\r\n" + END).isRefused("more than 16 digits");
	}

	@ParameterizedTest
	@ValueSource(strings = { "5\r\nhelloX\r\n", "5\r\nhello\n", "5\r\nhello\r0\r\n", "5\r\nhello", "4\r\nhello\r\n",
			"5\r\nhello \r\n", "5\r\nhello\r\r\n" })
	void dataThatIsNotFollowedByCrLfIsRejected(String chunk) throws Exception {
		RawAnswer.chunked(chunk + END).isRefused("the data of a chunk is not followed by CRLF");
	}

	@Test
	void chunkWithLessDataThanItsSizeIsRejected() throws Exception {
		// The framing is read as data, so that the CRLF after the data is missing.
		RawAnswer.chunked("6\r\nhello\r\n0\r\n\r\n").isRefused("the data of a chunk is not followed by CRLF");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0\n\r\n", "0\n\n" })
	void bareLineFeedAfterTheLastSizeIsRejected(String end) throws Exception {
		RawAnswer.chunked("5\r\nhello\r\n" + end).isRefused("followed by something else than an extension or CRLF");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0\r\n\n", "0\r\nA: b\n\r\n", "0\r\nA: b\r\n\n", "0\r\nA: b\r\n c\r\n\r\n" })
	void trailersWithDeviationsAreRejected(String end) throws Exception {
		RawAnswer.chunked("5\r\nhello\r\n" + end).isRefused("a line of its trailers");
	}

	@ParameterizedTest
	@ValueSource(strings = { "0\r\nA : s3cr3t\r\n\r\n", "0\r\ns3cr3t\r\n\r\n", "0\r\n: s3cr3t\r\n\r\n",
			"0\r\n s3cr3t\r\n\r\n", "0\r\nA: s3cr3t\u0000\r\n\r\n", "0\r\nA: s3cr3t\rB: c\r\n\r\n",
			"0\r\nA(s3cr3t): b\r\n\r\n" })
	void trailersThatAreNotFieldsAreRejected(String end) throws Exception {
		RawAnswer.chunked("5\r\nhello\r\n" + end).isRefused("in its trailers");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "5", "5\r", "5\r\n", "5;a", "5\r\nhel", "5\r\nhello", "5\r\nhello\r", "5\r\nhello\r\n",
			"5\r\nhello\r\n0", "5\r\nhello\r\n0\r", "5\r\nhello\r\n0\r\n", "5\r\nhello\r\n0\r\n\r",
			"5\r\nhello\r\n0\r\nA: b", "5\r\nhello\r\n0\r\nA: b\r", "5\r\nhello\r\n0\r\nA: b\r\n",
			"5\r\nhello\r\n0\r\nA: b\r\n\r" })
	void truncatedBodyIsRejected(String chunks) throws Exception {
		RawAnswer.chunked(chunks).thenClose().isRefused("the connection ended ");
	}

	/**
	 * The data before the failure is valid. The bytes after it have no known meaning.
	 */
	@Test
	void everyReadAfterAFailedOneFails() throws Exception {
		byte[] wire = "5\r\nhello\r\nX\r\n5\r\nagain\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
		ReadBuffer buffer = new ReadBuffer(8192);
		buffer.readFrom(new SessionInputBufferImpl(8192));
		ChunkDecoder decoder = new ChunkDecoder(buffer, new ByteArrayInputStream(wire), new FieldReader(buffer));
		assertThat(decoder.read(new byte[10], 0, 10)).isEqualTo(5);
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(MalformedChunkCodingException.class)
				.isThrownBy(() -> decoder.read(new byte[10], 0, 10));
			assertThat(decoder.available()).isZero();
		}
	}

	@Test
	void availableBytesBelongToOneChunk() throws Exception {
		byte[] wire = "5\r\nhello\r\n4\r\nnext\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
		ReadBuffer buffer = new ReadBuffer(8192);
		buffer.readFrom(new SessionInputBufferImpl(8192));
		ChunkDecoder decoder = new ChunkDecoder(buffer, new ByteArrayInputStream(wire), new FieldReader(buffer));
		assertThat(decoder.available()).isZero();
		assertThat(decoder.read(new byte[2], 0, 2)).isEqualTo(2);
		assertThat(decoder.available()).isEqualTo(3);
		assertThat(decoder.read(new byte[10], 0, 10)).isEqualTo(3);
		assertThat(decoder.available()).isZero();
	}

	/**
	 * A JSON parser does not read beyond its last byte, and the connection has to be
	 * kept.
	 */
	@Test
	void bufferedEndIsKnownWithTheLastByte() throws Exception {
		byte[] wire = "5\r\nhello\r\n400\r\n%s\r\n0\r\n\r\n".formatted("x".repeat(1024))
			.getBytes(StandardCharsets.US_ASCII);
		ReadBuffer buffer = new ReadBuffer(8192);
		buffer.readFrom(new SessionInputBufferImpl(8192));
		ChunkDecoder decoder = new ChunkDecoder(buffer, new ByteArrayInputStream(wire), new FieldReader(buffer));
		byte[] bytes = new byte[2000];
		assertThat(decoder.read(bytes, 0, 2000)).isEqualTo(5);
		assertThat(decoder.read(bytes, 0, 1000)).isEqualTo(1000);
		assertThat(decoder.isAtEnd()).isFalse();
		assertThat(decoder.read(bytes, 0, 1000)).isEqualTo(24);
		assertThat(decoder.isAtEnd()).isTrue();
		assertThat(decoder.read(bytes, 0, 1000)).isEqualTo(-1);
		assertThat(buffer.length()).isZero();
		assertThat(decoder.trailers()).isEmpty();
	}

}
