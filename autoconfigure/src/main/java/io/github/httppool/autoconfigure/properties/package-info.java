/**
 * The properties {@code http-pool.*}: binding, checks and warnings. Internal, except for
 * the names and defaults of the properties.
 * <p>
 * Start with {@code HttpPoolProperties} and {@code PoolProperties}, whose Javadoc becomes
 * the metadata: <pre class="code">
 * HttpPoolSettings settings = properties.toSettings();
 * </pre> {@code ForgottenUnits}, {@code SettingsWithoutEffect} and
 * {@code UnknownProperties} look for mistakes. {@code CONTRIBUTING.md} lists the files to
 * change for a new property.
 */
@NullMarked
package io.github.httppool.autoconfigure.properties;

import org.jspecify.annotations.NullMarked;
