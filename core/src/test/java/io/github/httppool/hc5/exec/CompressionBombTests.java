package io.github.httppool.hc5.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;

import com.sun.management.ThreadMXBean;
import io.github.httppool.BodyTooLargeException;
import io.github.httppool.CloseReason;
import io.github.httppool.DrainOutcome;
import io.github.httppool.testing.Coding;
import io.github.httppool.testing.PoolFixture;
import io.github.httppool.testing.ScriptedUpstream;
import io.github.httppool.testing.Transport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for small bodies that become large when they are decoded.
 */
@Tag("waiting")
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CompressionBombTests {

	private static final int MEGABYTE = 1024 * 1024;

	private static final byte[] ZEROS = new byte[MEGABYTE];

	private static final Map<Coding, byte[]> BOMBS = new ConcurrentHashMap<>();

	@ParameterizedTest
	@EnumSource(names = { "GZIP", "DEFLATE", "RAW_DEFLATE" })
	void hundredMegabytesOfZerosAreNotUnpacked(Coding coding) throws Exception {
		byte[] bomb = bomb(coding);
		assertThat(bomb).hasSizeLessThan(MEGABYTE / 8);
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.status(404, bomb, coding.field()));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertFailsSmall(pool, upstream, "longer than 1MB when decoded (pool 'default'; http-pool.max-error-body)");
		}
	}

	@Test
	void oneKilobyteThatIsCompressedTwiceIsNotUnpacked() throws Exception {
		byte[] bomb = Coding.GZIP.encode(bomb(Coding.GZIP));
		assertThat(bomb).hasSizeLessThan(1024);
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			if (exchange.path().equals("/next")) {
				exchange.ok("next");
			}
			else {
				exchange.ok(bomb, "Content-Encoding: gzip, gzip");
			}
		}); PoolFixture pool = PoolFixture.with((settings) -> settings.maxBody(MEGABYTE))) {
			assertFailsSmall(pool, upstream, "longer than 1MB when decoded (pool 'default'; http-pool.max-body)");
			assertThat(pool.drained(DrainOutcome.FAILED)).isZero();
			assertThat(pool.get(upstream.uri("/next"))).isEqualTo("next");
			assertThat(upstream.accepted()).isEqualTo(1);
		}
	}

	/**
	 * What the first decoder makes is huge, and what the second makes of that is nothing.
	 */
	@Test
	void bodyThatIsLargeInTheMiddleOnlyIsNotUnpacked() throws Exception {
		byte[] emptyBlock = { 0, 0, 0, (byte) 0xff, (byte) 0xff };
		byte[] emptyBlocks = new byte[MEGABYTE / 16 * emptyBlock.length];
		for (int i = 0; i < emptyBlocks.length; i++) {
			emptyBlocks[i] = emptyBlock[i % emptyBlock.length];
		}
		byte[] bomb = Coding.GZIP.encode(emptyBlocks, 50);
		assertThat(bomb).hasSizeLessThan(MEGABYTE / 8);
		try (ScriptedUpstream upstream = ScriptedUpstream
			.plain((exchange) -> exchange.status(404, bomb, "Content-Encoding: deflate, gzip"));
				PoolFixture pool = PoolFixture.withDefaults()) {
			assertFailsSmall(pool, upstream, "longer than 1MB when decoded");
		}
	}

	@ParameterizedTest
	@EnumSource
	void endlessBombEnds(Transport transport) throws Exception {
		ScriptedUpstream.Script script = (exchange) -> {
			exchange.head(500, "Transfer-Encoding: chunked", "Content-Encoding: deflate");
			Zeros zeros = new Zeros();
			exchange.chunk(zeros.next());
			byte[] more = zeros.next();
			while (true) {
				exchange.chunk(more);
			}
		};
		try (ScriptedUpstream upstream = transport.start(script);
				PoolFixture pool = PoolFixture.with((settings) -> settings.drainMaxTime(Duration.ofSeconds(10)))) {
			assertFailsSmall(pool, upstream, "longer than 1MB when decoded");
			assertThat(pool.snapshot().totals().closed()).isEqualTo(Map.of(CloseReason.DRAIN_BYTES, 1L));
		}
	}

	/**
	 * A head that a decoder looks through without an end, and makes nothing of.
	 */
	@Test
	void endlessHeadOfACompressedBodyEnds() throws Exception {
		byte[] headWithName = { 0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0 };
		try (ScriptedUpstream upstream = ScriptedUpstream.plain((exchange) -> {
			exchange.head(404, "Transfer-Encoding: chunked", "Content-Encoding: gzip").chunk(headWithName);
			while (true) {
				exchange.chunk("name".repeat(4096).getBytes());
			}
		}); PoolFixture pool = PoolFixture.withDefaults()) {
			assertFailsSmall(pool, upstream, "longer than 1MB on the wire");
		}
	}

	private static byte[] bomb(Coding coding) {
		return BOMBS.computeIfAbsent(coding, (key) -> key.encode(ZEROS, 100));
	}

	private static void assertFailsSmall(PoolFixture pool, ScriptedUpstream upstream, String message)
			throws IOException {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long started = System.nanoTime();
		long allocated = threads.getCurrentThreadAllocatedBytes();
		assertThatExceptionOfType(BodyTooLargeException.class).isThrownBy(() -> pool.get(upstream.uri("/")))
			.withMessageContaining(message);
		assertThat(threads.getCurrentThreadAllocatedBytes() - allocated).isLessThan(32 * MEGABYTE);
		assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(10));
		assertThat(pool.leased()).isZero();
	}

	/**
	 * A stream that can go on with its second part again and again.
	 */
	private static final class Zeros {

		private final Deflater deflater = new Deflater();

		byte[] next() {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			byte[] buffer = new byte[8192];
			this.deflater.setInput(ZEROS);
			for (int length = flush(buffer); length != 0; length = flush(buffer)) {
				bytes.write(buffer, 0, length);
			}
			return bytes.toByteArray();
		}

		private int flush(byte[] buffer) {
			return this.deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
		}

	}

}
