/**
 * What is wrong, found out from the numbers of a pool: one class for each rule.
 */
@NullMarked
package io.github.httppool.findings;

import org.jspecify.annotations.NullMarked;
