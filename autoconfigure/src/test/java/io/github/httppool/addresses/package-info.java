/**
 * Tests for base URLs and redirects of Spring's clients, with the pool and with Spring
 * Boot alone.
 */
package io.github.httppool.addresses;
