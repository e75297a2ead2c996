@NullMarked
package io.github.httppool.hc5.net;

import org.jspecify.annotations.NullMarked;
