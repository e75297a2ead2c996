package io.github.httppool.hc5.observe;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.httppool.findings.LocalPorts;

/**
 * The configuration of a pool's samples.
 *
 * @param interval the time between two samples, in nanoseconds
 * @param window how long a sample counts, in nanoseconds
 * @param ports supplies statistics of the machine's local ports
 * @param wallClock the wall clock, in milliseconds
 */
public record Sampling(long interval, long window, Supplier<LocalPorts> ports, LongSupplier wallClock) {

	public static final Sampling DEFAULT = every(Duration.ofSeconds(5), Duration.ofMinutes(2));

	public static Sampling every(Duration interval, Duration window) {
		return new Sampling(interval.toNanos(), window.toNanos(), LinuxPorts.ofThisMachine(),
				System::currentTimeMillis);
	}

	public Sampling withPorts(Supplier<LocalPorts> ports) {
		return new Sampling(this.interval, this.window, ports, this.wallClock);
	}

	Sampling withWallClock(LongSupplier wallClock) {
		return new Sampling(this.interval, this.window, this.ports, wallClock);
	}

}
