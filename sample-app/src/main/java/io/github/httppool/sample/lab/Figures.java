package io.github.httppool.sample.lab;

import org.jspecify.annotations.Nullable;

/**
 * The numbers of one side at one moment.
 *
 * @param answered calls that were answered
 * @param failed calls that failed
 * @param opened connections that the upstream has accepted
 * @param open connections that are open at the upstream
 * @param waiting calls under way whose request has not arrived at the upstream, or whose
 * response has left it
 * @param slowestMs how long the slowest call took or has taken so far, in milliseconds
 * @param timeWait sockets in {@code TIME_WAIT}, or {@code null} if this machine does not
 * tell
 */
record Figures(int answered, int failed, int opened, int open, int waiting, double slowestMs,
		@Nullable Integer timeWait) {
}
