package io.github.httppool.sample.lab;

/**
 * The numbers of both sides at one moment.
 *
 * @param seconds time since the start
 * @param springBoot the side with Spring Boot's default client
 * @param httpPool the side with HTTP Pool
 */
record Sample(double seconds, Figures springBoot, Figures httpPool) {
}
