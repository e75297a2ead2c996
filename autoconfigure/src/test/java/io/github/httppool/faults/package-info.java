/**
 * Creates real faults until the pool reports the right finding, and healthy situations in
 * which it must report none, and writes the result into {@code docs/findings.md}. Start
 * with {@code FaultTableTests}; a new fault goes into one of the {@code …Cases} classes.
 */
package io.github.httppool.faults;
