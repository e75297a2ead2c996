/**
 * The Actuator endpoint {@code httppool}, with which operators inspect, resize and evict
 * pools, and the health contributor. Enter at {@code HttpPoolEndpoint} and
 * {@code HttpPoolHealthContributor}; the descriptors define their JSON.
 */
@NullMarked
package io.github.httppool.actuate;

import org.jspecify.annotations.NullMarked;
