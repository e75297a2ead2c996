package io.github.httppool.hc5.net;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.httppool.hc5.observe.ListenerDispatcher;
import io.github.httppool.hc5.observe.Listeners;
import io.github.httppool.hc5.observe.LogWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Follows all calls from the loop of the housekeeper's thread: none of them may write to
 * the log or call a listener, because both can block.
 */
@Tag("waiting")
class HousekeeperCallsTests {

	/** These run what they are given in threads of their own. */
	private static final Set<Class<?>> ELSEWHERE = Set.of(LogWriter.class, BackgroundTasks.class,
			ListenerDispatcher.class, Listeners.class);

	private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace", "log");

	private final JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages("io.github.httppool");

	/** How each code unit is reached. */
	private final Map<JavaCodeUnit, String> reached = new LinkedHashMap<>();

	private final Deque<JavaCodeUnit> next = new ArrayDeque<>();

	@Test
	void housekeeperNeverWritesToTheLog() {
		reach(this.classes.get(Housekeeper.class).getMethod("run"), "");
		while (!this.next.isEmpty()) {
			JavaCodeUnit caller = this.next.remove();
			calls(caller).forEach((call) -> follow(caller, call));
		}
		assertThat(this.reached).hasSizeGreaterThan(100);
		assertThat(this.reached.keySet()).extracting(JavaCodeUnit::getFullName)
			.anyMatch((name) -> name.contains("IdleReaper.applyAsLong"))
			.anyMatch((name) -> name.contains("LeakReports.reportHeldTooLong"))
			.anyMatch((name) -> name.contains("CallDeadline.expired"));
	}

	private void follow(JavaCodeUnit caller, JavaCodeUnitAccess<?> call) {
		JavaClass owner = call.getTargetOwner();
		assertThat(owner.isEquivalentTo(Logger.class) && LEVELS.contains(call.getName()))
			.as(() -> this.reached.get(caller) + " writes to the log")
			.isFalse();
		targets(call).forEach((target) -> reach(target, this.reached.get(caller)));
	}

	private void reach(JavaCodeUnit unit, String way) {
		boolean elsewhere = ELSEWHERE.stream().anyMatch(unit.getOwner()::isEquivalentTo);
		if (!elsewhere && this.reached.putIfAbsent(unit, way + " > " + unit.getFullName()) == null) {
			this.next.add(unit);
		}
	}

	private static Stream<JavaCodeUnitAccess<?>> calls(JavaCodeUnit unit) {
		return Stream
			.of(unit.getMethodCallsFromSelf(), unit.getConstructorCallsFromSelf(), unit.getMethodReferencesFromSelf())
			.flatMap(Set::stream);
	}

	/**
	 * Return what a call can run of ours: also what overrides or implements its target.
	 */
	private Stream<JavaCodeUnit> targets(JavaCodeUnitAccess<?> call) {
		JavaClass owner = call.getTargetOwner();
		boolean ours = owner.getPackageName().startsWith("io.github.httppool");
		return (ours || owner.getPackageName().equals("java.util.function") || owner.isEquivalentTo(Runnable.class))
				? this.classes.stream()
					.filter((type) -> type.isAssignableTo(owner.getName()) || owner.isAssignableTo(type.getName()))
					.flatMap((type) -> type.getCodeUnits().stream())
					.filter((unit) -> unit.getName().equals(call.getName()) && hasParametersOf(unit, call, ours))
				: Stream.empty();
	}

	/**
	 * Returns whether a code unit has the parameters of a target; of a generic one, as
	 * many.
	 */
	private static boolean hasParametersOf(JavaCodeUnit unit, JavaCodeUnitAccess<?> call, boolean exactly) {
		List<JavaClass> expected = call.getTarget().getRawParameterTypes();
		return exactly ? unit.getRawParameterTypes().equals(expected)
				: unit.getRawParameterTypes().size() == expected.size();
	}

}
