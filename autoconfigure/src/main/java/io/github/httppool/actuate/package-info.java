/**
 * Actuator's endpoint {@code httppool}, which shows the pools and changes their limits,
 * and the health contributor {@code httpPool}. Both exist if Actuator is on the class path
 * and {@code httppool} is exposed or health of pools is enabled: <pre class="code">
 * management.endpoints.web.exposure.include=health,httppool
 * management.endpoint.httppool.access=unrestricted
 * management.health.httppool.enabled=true
 * </pre> The records in this package are the JSON of the endpoint. Numbers of milliseconds
 * have names that end with {@code Millis}.
 */
@NullMarked
package io.github.httppool.actuate;

import org.jspecify.annotations.NullMarked;
