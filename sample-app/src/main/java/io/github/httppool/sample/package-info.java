/**
 * Sample application: calls through the shared client to an upstream of its own, and what
 * they cost in connections.
 */
@NullMarked
package io.github.httppool.sample;

import org.jspecify.annotations.NullMarked;
