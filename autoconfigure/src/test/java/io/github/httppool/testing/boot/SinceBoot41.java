package io.github.httppool.testing.boot;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.condition.EnabledIf;

/**
 * For tests of settings that Spring Boot 4.0 does not have: cookie handling, address
 * filters, DNS resolvers of builders.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(value = "io.github.httppool.testing.boot.BootVersion#isAtLeast41",
		disabledReason = "Spring Boot 4.0 has no such setting")
public @interface SinceBoot41 {

}
