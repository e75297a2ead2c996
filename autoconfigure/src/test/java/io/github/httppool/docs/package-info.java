/**
 * Tests that the documentation is true: links, names, snippets and configurations.
 */
package io.github.httppool.docs;
