/**
 * Brings the pools into a Spring Boot application: properties, conditions, beans.
 */
@NullMarked
package io.github.httppool.autoconfigure;

import org.jspecify.annotations.NullMarked;
