package io.github.httppool.findings;

import java.time.Duration;
import java.util.List;

import io.github.httppool.HttpPoolSettings;

/**
 * What a pool saw in the last minutes.
 *
 * @param pool the name of the pool
 * @param settings its settings
 * @param span over what time the samples go once there are enough of them
 * @param samples the numbers of the pool, the oldest first, at least one
 */
public record Window(String pool, HttpPoolSettings settings, Duration span, List<PoolFigures> samples) {
}
