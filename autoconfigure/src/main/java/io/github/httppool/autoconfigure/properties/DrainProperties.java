package io.github.httppool.autoconfigure.properties;

import java.time.Duration;

import org.springframework.util.unit.DataSize;

/**
 * Properties for reading the rest of a body that a caller did not read.
 *
 * @since 0.1.0
 */
public class DrainProperties {

	/**
	 * Maximum number of unread bytes that are read on close to keep the connection.
	 */
	private DataSize maxBytes = DataSize.ofKilobytes(64);

	/**
	 * Maximum time for draining an unread body, whatever the server does. '0' means that
	 * only bytes that have arrived are read.
	 */
	private Duration maxTime = Duration.ofMillis(50);

	public DataSize getMaxBytes() {
		return this.maxBytes;
	}

	public void setMaxBytes(DataSize maxBytes) {
		this.maxBytes = maxBytes;
	}

	public Duration getMaxTime() {
		return this.maxTime;
	}

	public void setMaxTime(Duration maxTime) {
		this.maxTime = maxTime;
	}

}
