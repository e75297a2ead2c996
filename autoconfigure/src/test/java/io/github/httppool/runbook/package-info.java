/**
 * Plays the situations of {@code docs/runbook.md} at night, and writes the answers of the
 * pool to the questions of an engineer into that page. Start with {@code RunbookTests}.
 */
package io.github.httppool.runbook;
