/**
 * Situations of a night, and what the pool answers to the questions of an engineer.
 */
package io.github.httppool.runbook;
