/**
 * Rules that turn two minutes of numbers into {@linkplain io.github.httppool.Finding
 * findings}: one class per rule. Internal.
 * <p>
 * Start with {@link io.github.httppool.findings.Diagnosis}, which runs all rules over a
 * {@link io.github.httppool.findings.Window}, the samples of a pool: <pre class="code">
 * List&lt;Finding&gt; findings = Diagnosis.of(window);
 * </pre> {@code ClockChanged} is the shortest rule, and {@code SlowDns} the shortest one
 * for each route. {@code CONTRIBUTING.md} lists the files to change for a new rule.
 */
@NullMarked
package io.github.httppool.findings;

import org.jspecify.annotations.NullMarked;
