/**
 * The Actuator endpoint that shows the pools and lets operators change them.
 */
@NullMarked
package io.github.httppool.actuate;

import org.jspecify.annotations.NullMarked;
