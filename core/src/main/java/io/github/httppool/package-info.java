/**
 * What applications see of HTTP Pool: the pools, their settings, numbers, events and
 * exceptions. Sees nothing else of this project.
 */
@NullMarked
package io.github.httppool;

import org.jspecify.annotations.NullMarked;
