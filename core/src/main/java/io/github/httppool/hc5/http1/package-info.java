@NullMarked
package io.github.httppool.hc5.http1;

import org.jspecify.annotations.NullMarked;
