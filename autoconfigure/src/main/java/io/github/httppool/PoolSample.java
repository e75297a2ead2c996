package io.github.httppool;

import java.time.Instant;

/**
 * What a pool saw of itself between two looks, a few seconds apart.
 *
 * @param time when the pool looked
 * @param leased connections that callers held at that time, including those being opened
 * @param idle open connections that nobody held
 * @param pending callers that waited for a connection
 * @param activity what happened since the look before
 * @since 0.1.0
 */
public record PoolSample(Instant time, int leased, int idle, int pending, PoolActivity activity) {
}
