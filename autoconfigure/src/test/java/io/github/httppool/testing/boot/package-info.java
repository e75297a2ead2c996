/**
 * Fixtures that depend on Spring Boot, for the tests of this module. All other fixtures
 * are in {@code io.github.httppool.testing} of the module {@code core}.
 */
package io.github.httppool.testing.boot;
