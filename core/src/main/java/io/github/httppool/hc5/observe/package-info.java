@NullMarked
package io.github.httppool.hc5.observe;

import org.jspecify.annotations.NullMarked;
