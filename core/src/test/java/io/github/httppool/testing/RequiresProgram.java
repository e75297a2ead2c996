package io.github.httppool.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.AnnotatedElement;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * For tests that need programs of the machine. A missing program skips them before they
 * begin. In CI they run, and fail when they use it.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresProgram.Condition.class)
public @interface RequiresProgram {

	/**
	 * Return the programs.
	 */
	Program[] value();

	/**
	 * Looks for the programs.
	 */
	final class Condition implements ExecutionCondition {

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			return context.getElement()
				.map((element) -> evaluate(element, System.getenv("PATH"), Program.isCi()))
				.orElseGet(() -> ConditionEvaluationResult.enabled(null));
		}

		static ConditionEvaluationResult evaluate(AnnotatedElement element, String path, boolean ci) {
			RequiresProgram required = element.getAnnotation(RequiresProgram.class);
			return Stream.of((required != null && !ci) ? required.value() : new Program[0])
				.filter((program) -> program.find(path).isEmpty())
				.findFirst()
				.map((program) -> ConditionEvaluationResult.disabled(program.missing()))
				.orElseGet(() -> ConditionEvaluationResult.enabled(null));
		}

	}

}
