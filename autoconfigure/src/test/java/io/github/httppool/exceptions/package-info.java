/**
 * Compares the exceptions that callers see with those of plain Spring Boot, and writes
 * the result into {@code docs/exceptions.md}. Start with {@code ExceptionTableTests}; a
 * new situation goes into one of the {@code …Situations} classes.
 */
package io.github.httppool.exceptions;
