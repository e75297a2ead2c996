@NullMarked
package io.github.httppool.hc5.exec;

import org.jspecify.annotations.NullMarked;
