/**
 * Reads {@code http-pool.*} and checks it: binding, inheritance of further pools, and
 * failures and warnings that name property, value and remedy. Enter at
 * {@code ConfiguredPools}.
 */
@NullMarked
package io.github.httppool.autoconfigure.properties;

import org.jspecify.annotations.NullMarked;
