package io.github.httppool.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientsProperties.Factory;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless the application has selected another request factory. Binds the
 * property, because a condition on its text would not know the relaxed forms of an enum.
 */
final class OnPooledFactoryCondition extends SpringBootCondition {

	private static final String PROPERTY = "spring.http.clients.imperative.factory";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Pooled request factory");
		Factory selected = selected(context);
		if (selected == null) {
			return ConditionOutcome.match(message.because(PROPERTY + " selects no other factory"));
		}
		boolean pooled = selected == Factory.HTTP_COMPONENTS;
		return new ConditionOutcome(pooled, message.because(PROPERTY + " selects " + selected));
	}

	private static @Nullable Factory selected(ConditionContext context) {
		try {
			return Binder.get(context.getEnvironment()).bind(PROPERTY, Factory.class).orElse(null);
		}
		catch (BindException ex) {
			// Spring Boot explains it when it binds the same property.
			return null;
		}
	}

}
