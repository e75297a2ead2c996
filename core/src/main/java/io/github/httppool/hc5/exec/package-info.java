/**
 * Links of HttpClient's execution chain: call deadline, stale retry, body limits,
 * redirects, proxy authentication.
 */
@NullMarked
package io.github.httppool.hc5.exec;

import org.jspecify.annotations.NullMarked;
