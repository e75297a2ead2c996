/**
 * Simulates what a server, a proxy or a caller can do wrong, and writes the result into
 * {@code docs/hostile-cases.md}. Start with {@code HostileServerTests}; a new case goes
 * into one of the {@code …Cases} classes.
 */
package io.github.httppool.hostile;
