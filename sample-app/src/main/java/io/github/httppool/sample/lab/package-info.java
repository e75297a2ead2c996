/**
 * The lab: experiments that make the same calls with Spring Boot's default client and
 * with HTTP Pool, side by side, and show what the calls cost.
 */
@NullMarked
package io.github.httppool.sample.lab;

import org.jspecify.annotations.NullMarked;
