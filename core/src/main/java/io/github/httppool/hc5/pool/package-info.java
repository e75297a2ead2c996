@NullMarked
package io.github.httppool.hc5.pool;

import org.jspecify.annotations.NullMarked;
