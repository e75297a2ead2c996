/**
 * Creates the situations of {@code docs/runbook.md}, and writes the answers of the pool
 * to the questions of an engineer on call into that page. Start with
 * {@code RunbookTests}.
 */
package io.github.httppool.runbook;
