package io.github.httppool.findings;

import java.time.Duration;
import java.util.List;

import io.github.httppool.HttpPoolSettings;

/**
 * The statistics of a pool in the last minutes.
 *
 * @param pool the name of the pool
 * @param settings its settings
 * @param span the period that a full set of samples covers
 * @param samples the samples of the pool, oldest first, at least one
 */
public record Window(String pool, HttpPoolSettings settings, Duration span, List<PoolFigures> samples) {
}
