package io.github.httppool.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientsProperties.Factory;
import org.springframework.core.env.Environment;

/**
 * The request factory that the application selects with a property. Binds the property,
 * because relaxed binding accepts several forms of each enum constant.
 */
public final class SelectedFactory {

	static final String PROPERTY = "spring.http.clients.imperative.factory";

	private SelectedFactory() {
	}

	public static ConditionOutcome outcome(Environment environment, ConditionMessage.Builder message) {
		Factory selected = selected(environment);
		return new ConditionOutcome(isPooled(selected), message
			.because(PROPERTY + " selects " + ((selected != null) ? selected.toString() : "no other factory")));
	}

	/**
	 * Return whether the application's clients use the pool with this property.
	 */
	public static boolean isPooled(Environment environment) {
		return isPooled(selected(environment));
	}

	private static boolean isPooled(@Nullable Factory selected) {
		return selected == null || selected == Factory.HTTP_COMPONENTS;
	}

	private static @Nullable Factory selected(Environment environment) {
		try {
			return Binder.get(environment).bind(PROPERTY, Factory.class).orElse(null);
		}
		catch (BindException ex) {
			// Spring Boot reports the error when it binds the same property.
			return null;
		}
	}

}
