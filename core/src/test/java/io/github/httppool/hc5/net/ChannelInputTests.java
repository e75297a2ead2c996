package io.github.httppool.hc5.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.github.httppool.hc5.observe.LogWriter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests reads from a real socket. The test plays the part of the housekeeper.
 */
@Tag("waiting")
class ChannelInputTests {

	private final Housekeeper housekeeper = new Housekeeper("test", (now) -> Long.MAX_VALUE, () -> 0,
			new LogWriter("test").warnings(Housekeeper.class));

	private ServerSocket server;

	private SocketChannel channel;

	private Socket peer;

	private ChannelInput input;

	@BeforeEach
	void connect() throws IOException {
		this.server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		this.channel = SocketChannel.open(this.server.getLocalSocketAddress());
		this.peer = this.server.accept();
		this.input = new ChannelInput(this.channel.socket(), this.housekeeper);
	}

	@AfterEach
	void close() throws IOException {
		this.peer.close();
		this.channel.close();
		this.server.close();
		this.housekeeper.stop();
	}

	@Test
	void readsIntoAnyPartOfAnyArrayAndSeesTheEnd() throws IOException {
		this.channel.socket().setSoTimeout(5000);
		this.peer.getOutputStream().write("one".getBytes());
		byte[] small = new byte[10];
		assertThat(this.input.readNBytes(small, 2, 3)).isEqualTo(3);
		assertThat(new String(small, 2, 3)).isEqualTo("one");
		this.peer.getOutputStream().write(new byte[20_000]);
		assertThat(this.input.readNBytes(new byte[20_000], 0, 20_000)).isEqualTo(20_000);
		this.channel.socket().setSoTimeout(0);
		this.peer.getOutputStream().write(200);
		assertThat(this.input.read()).isEqualTo(200);
		this.peer.shutdownOutput();
		assertThat(this.input.read()).isEqualTo(-1);
		this.channel.socket().setSoTimeout(5000);
		assertThat(this.input.read(small)).isEqualTo(-1);
	}

	@Test
	void nothingIsClaimedIfNoReadIsInProgressOrOverdue() throws Exception {
		assertThat(this.input.claimOverdue(System.nanoTime())).isEqualTo(Long.MAX_VALUE);
		this.channel.socket().setSoTimeout(60_000);
		CompletableFuture<Integer> read = readLater();
		long left = Awaitility.await()
			.until(() -> this.input.claimOverdue(System.nanoTime()), (nanos) -> nanos != Long.MAX_VALUE);
		assertThat(Duration.ofNanos(left)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
		this.peer.getOutputStream().write(7);
		assertThat(read.get(10, TimeUnit.SECONDS)).isEqualTo(7);
		assertThat(this.input.claimOverdue(System.nanoTime() + TimeUnit.HOURS.toNanos(1))).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void aClaimedReadTimesOutEvenIfBytesArriveLater() throws Exception {
		this.channel.socket().setSoTimeout(60_000);
		CompletableFuture<Integer> late = readLater();
		claim();
		this.peer.getOutputStream().write(7);
		assertTimedOut(late);
		CompletableFuture<Integer> silent = readLater();
		claim();
		this.channel.close();
		assertTimedOut(silent);
	}

	/**
	 * For example, a log appender that makes a call.
	 */
	@Test
	void theHousekeeperItselfWaitsForItsOwnReadsNoLongerThanTheTimeout() throws Exception {
		this.channel.socket().setSoTimeout(ChannelInput.MIN_TIMEOUT_MILLIS);
		CompletableFuture<Integer> read = new CompletableFuture<>();
		new Housekeeper.Worker(() -> {
			try {
				read.complete(this.input.read());
			}
			catch (IOException ex) {
				read.completeExceptionally(ex);
			}
		}, "housekeeper").start();
		assertTimedOut(read);
	}

	@Test
	void aSocketThatIsClosedByOthersIsNoTimeout() {
		CompletableFuture<Integer> read = setTimeoutAndRead(60_000);
		Awaitility.await().until(() -> this.input.claimOverdue(System.nanoTime()) != Long.MAX_VALUE);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> {
			this.channel.close();
			read.get(10, TimeUnit.SECONDS);
		}).havingCause().isInstanceOf(IOException.class).isNotInstanceOf(SocketTimeoutException.class);
	}

	@Test
	void shortAndResumableTimeoutsLeaveTheSocketOpen() throws Exception {
		assertTimedOut(setTimeoutAndRead(50));
		this.input.keepOpenAfterTimeout(true);
		assertTimedOut(setTimeoutAndRead(ChannelInput.MIN_TIMEOUT_MILLIS));
		this.input.keepOpenAfterTimeout(false);
		this.peer.getOutputStream().write(7);
		assertThat(this.input.available()).isEqualTo(1);
		assertThat(setTimeoutAndRead(5000).get(10, TimeUnit.SECONDS)).isEqualTo(7);
	}

	private void claim() {
		Awaitility.await()
			.until(() -> this.input.claimOverdue(System.nanoTime() + TimeUnit.HOURS.toNanos(1)), (left) -> left == 0);
	}

	private CompletableFuture<Integer> setTimeoutAndRead(int millis) {
		try {
			this.channel.socket().setSoTimeout(millis);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return readLater();
	}

	private CompletableFuture<Integer> readLater() {
		CompletableFuture<Integer> result = new CompletableFuture<>();
		Thread reader = new Thread(() -> {
			try {
				result.complete(this.input.read());
			}
			catch (IOException ex) {
				result.completeExceptionally(ex);
			}
		});
		reader.setDaemon(true);
		reader.start();
		return result;
	}

	private static void assertTimedOut(CompletableFuture<Integer> read) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> read.get(10, TimeUnit.SECONDS))
			.havingCause()
			.isInstanceOf(SocketTimeoutException.class);
	}

}
