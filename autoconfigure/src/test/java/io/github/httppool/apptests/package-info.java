/**
 * What the tests of an application do with the pool, from slices of Spring Boot and mock
 * servers to DevTools and many contexts in one JVM. The package {@code guide} runs the
 * snippets of {@code docs/testing.md}.
 */
package io.github.httppool.apptests;
