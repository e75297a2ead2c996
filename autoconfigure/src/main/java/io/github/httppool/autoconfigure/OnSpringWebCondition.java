package io.github.httppool.autoconfigure;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;

/**
 * Matches if Spring MVC or Spring WebFlux serves the endpoints. They choose JSON if a
 * client accepts any type, whereas Jersey could choose the page.
 */
final class OnSpringWebCondition extends AnyNestedCondition {

	OnSpringWebCondition() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	@ConditionalOnWebApplication(type = Type.SERVLET)
	@ConditionalOnClass(name = "org.springframework.web.servlet.DispatcherServlet")
	static final class Servlet {

	}

	@ConditionalOnWebApplication(type = Type.REACTIVE)
	static final class Reactive {

	}

}
