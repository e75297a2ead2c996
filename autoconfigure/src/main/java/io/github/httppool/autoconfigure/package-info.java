/**
 * Auto-configuration of the pools: their beans, and the conditions under which these
 * exist. Applications do not use these classes, except to exclude one:
 * <pre class="code">
 * &#64;SpringBootApplication(exclude = HttpPoolMetricsAutoConfiguration.class)
 * class Application {
 * }
 * </pre> The property {@code http-pool.enabled=false} switches everything off.
 */
@NullMarked
package io.github.httppool.autoconfigure;

import org.jspecify.annotations.NullMarked;
