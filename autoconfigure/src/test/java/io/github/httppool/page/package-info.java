/**
 * Tests for the page of the endpoint, in a browser and without one.
 */
package io.github.httppool.page;
