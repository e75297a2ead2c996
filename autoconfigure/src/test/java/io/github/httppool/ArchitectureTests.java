package io.github.httppool;

import java.util.Set;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The rooms of the house, and who may see whom.
 */
@Tag("waiting")
class ArchitectureTests {

	private static final String API = "io.github.httppool";

	private static final String ENGINE = API + ".hc5..";

	private static final String FINDINGS = API + ".findings..";

	private static final String ACTUATE = API + ".actuate..";

	private static final String METRICS = API + ".metrics..";

	private static final String AUTOCONFIGURE = API + ".autoconfigure..";

	private static final String CLIENT = API + ".client..";

	private static final String BOOT_CLIENT = "org.springframework.boot.http.client.";

	private static final Set<String> PUBLIC_ENGINE = Set.of("HttpClientPool", "PoolWarmUp");

	private static final String HTTP1 = API + ".hc5.http1";

	private static final String INTERNAL = "org.apache.hc.core5.annotation.Internal";

	/** Uses of classes and members that HttpClient marks as internal. */
	private static final Set<String> INTERNALS = Set.of("AddressConnector uses ManagedHttpClientConnection",
			"BookControl uses ManagedHttpClientConnection", "BuilderSettings uses HttpClientBuilder.getConnManager",
			"BuilderSettings uses ProtocolExec", "CallExec uses ExecRuntime",
			"ConnectRace uses ConnectExceptionSupport", "ConnectRace uses ManagedHttpClientConnection",
			"ConnectionsBuilder uses HttpClientConnectionOperator",
			"ConnectionsBuilder uses PoolingHttpClientConnectionManagerBuilder.createConnectionOperator",
			"ConnectionsBuilder uses constructor of PoolingHttpClientConnectionManagerBuilder",
			"ConnectOperator uses DefaultHttpClientConnectionOperator", "ConnectOperator uses DetachedSocketFactory",
			"ContentCodings uses ContentCodecRegistry", "CookieDefaults uses CookieSpecSupport",
			"DecodedResponse uses CloseableHttpResponse.create",
			"Http1Connection uses DefaultManagedHttpClientConnection", "Lease uses ConnectionHolder",
			"Lease uses constructor of EndpointInfo", "Lease uses RequestExecutor",
			"MessageConnection uses SocketHolder.getBaseSocket",
			"PooledConnectionManager uses DefaultHttpClientConnectionOperator",
			"PooledConnectionManager uses HttpClientConnectionOperator",
			"PooledConnectionManager uses constructor of PoolingHttpClientConnectionManager",
			"ProtocolBypassExec uses ExecRuntime", "ProtocolBypassExec uses ProtocolExec",
			"ReceivingConnection uses DefaultManagedHttpClientConnection",
			"ReleasingEntity uses ExecRuntime", "ReleasingInputStream uses ExecRuntime", "RouteWarmUp uses ExecRuntime",
			"SocketCheck uses SocketHolder.getSSLSocket", "SocketConnection uses DefaultManagedHttpClientConnection",
			"SocketConnection uses SocketHolder.getBaseSocket", "SocksRoute uses ManagedHttpClientConnection",
			"StaleRetryExec uses ExecRuntime", "TunnelRequest uses RequestExecutor",
			"UndecodedEntity uses ContentCompressionExec", "WarmUpExec uses ConnectExec",
			"WarmUpExec uses ExecRuntime");

	private static final Set<String> THREAD_LOCALS = Set.of("CallTimeoutScope");

	private static final Set<String> USER_TOKEN = Set.of("Call", "CallExec");

	private final JavaClasses classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
		.withImportOption((location) -> !location.contains("-tests.jar"))
		.importPackages(API);

	@Test
	void theApiSeesNothingOfOurs() {
		noClasses().that()
			.resideInAPackage(API)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(FINDINGS, ENGINE, ACTUATE, METRICS, AUTOCONFIGURE)
			.check(this.classes);
	}

	@Test
	void theFindingsSeeTheApiOnly() {
		noClasses().that()
			.resideInAPackage(FINDINGS)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ENGINE, ACTUATE, METRICS, AUTOCONFIGURE)
			.check(this.classes);
	}

	@Test
	void theEngineSeesTheApiAndTheFindingsOnly() {
		noClasses().that()
			.resideInAPackage(ENGINE)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ACTUATE, METRICS, AUTOCONFIGURE, CLIENT)
			.check(this.classes);
	}

	/**
	 * Each room of the engine sees the rooms below it.
	 */
	@Test
	void theRoomsOfTheEngineSeeOneAnotherInOneDirection() {
		assertThatRoom("net").seesNothingOf("http1", "observe", "pool", "exec", "");
		assertThatRoom("observe").seesNothingOf("http1", "pool", "exec", "");
		assertThatRoom("pool").seesNothingOf("exec", "");
	}

	@Test
	void theSocketsSeeNoFindings() {
		noClasses().that()
			.resideInAPackage(API + ".hc5.net")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(FINDINGS)
			.check(this.classes);
	}

	@Test
	void theRequestFactoryDoesNotSeeTheBeans() {
		noClasses().that()
			.resideInAPackage(CLIENT)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ACTUATE, METRICS, AUTOCONFIGURE)
			.check(this.classes);
	}

	@Test
	void thePropertiesDoNotSeeTheBeans() {
		noClasses().that()
			.resideInAPackage(API + ".autoconfigure.properties")
			.should()
			.dependOnClassesThat(resideInAPackage(API + ".autoconfigure").or(resideInAnyPackage(CLIENT, ENGINE)))
			.check(this.classes);
	}

	@Test
	void theEndpointAndTheMetersSeeTheApiOnly() {
		noClasses().that()
			.resideInAPackage(ACTUATE)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(FINDINGS, ENGINE, METRICS, AUTOCONFIGURE)
			.check(this.classes);
		noClasses().that()
			.resideInAPackage(METRICS)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(FINDINGS, ENGINE, ACTUATE, AUTOCONFIGURE)
			.check(this.classes);
	}

	@Test
	void theApiAndTheEngineKnowNeitherSpringNorMicrometer() {
		noClasses().that()
			.resideInAnyPackage(API, FINDINGS, ENGINE)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "io.micrometer..")
			.check(this.classes);
	}

	/**
	 * Otherwise an application with Spring Boot 4.0 does not start.
	 */
	@Test
	void whatOnlySpringBoot41HasIsUsedInOnePlace() {
		noClasses().that()
			.haveNameNotMatching(".*\\.(SettingsSinceBoot41|FilteredDnsResolver)(\\$.*)?")
			.should()
			.dependOnClassesThat()
			.haveNameMatching(BOOT_CLIENT + "(InetAddressFilter|HttpCookieHandling)")
			.orShould()
			.callMethodWhere(target(owner(name(BOOT_CLIENT + "HttpClientSettings"))).and(
					target(nameMatching("(with)?(CookieHandling|InetAddressFilter|cookieHandling|inetAddressFilter)"))))
			.check(this.classes);
	}

	@Test
	void thereAreNoCycles() {
		slices().matching(API + ".(*)..").should().beFreeOfCycles().check(this.classes);
	}

	@Test
	void otherPackagesUseTheEntryPointsOfTheEngineOnly() {
		noClasses().that()
			.resideOutsideOfPackage(ENGINE)
			.should()
			.dependOnClassesThat(resideInAPackage(ENGINE).and(DescribedPredicate.not(simpleNames(PUBLIC_ENGINE))))
			.check(this.classes);
	}

	@Test
	void everyPackageIsNullMarked() {
		classes().that()
			.resideInAPackage(API + "..")
			.should(new ArchCondition<JavaClass>("reside in a null-marked package") {

				@Override
				public void check(JavaClass type, ConditionEvents events) {
					events.add(new SimpleConditionEvent(type, type.getPackage().isAnnotatedWith(NullMarked.class),
							type.getPackageName()));
				}

			})
			.check(this.classes);
	}

	@Test
	void autoConfigurationsAreFinalAndShowNothing() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.check(this.classes);
		methods().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.notBePublic()
			.check(this.classes);
	}

	@Test
	void namesSayWhatThingsAre() {
		noClasses().that()
			.resideInAPackage(API + "..")
			.and()
			.areNotAssignableTo(HttpClientConnectionManager.class)
			.should()
			.haveNameMatching(".*(Manager|Helper|Util|Utils|Impl)")
			.check(this.classes);
	}

	@Test
	void theCodecSeesNothingOfOurs() {
		noClasses().that()
			.resideInAPackage(HTTP1)
			.should()
			.dependOnClassesThat(resideInAPackage(API + "..").and(DescribedPredicate.not(resideInAPackage(HTTP1))))
			.check(this.classes);
	}

	@Test
	void theExecutionChainDoesNotSeeWhatBuildsIt() {
		noClasses().that()
			.resideInAPackage(API + ".hc5.exec")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(API + ".hc5")
			.check(this.classes);
	}

	/**
	 * To be checked at each upgrade of HttpClient. Two classes also read private fields
	 * of {@code HttpClientBuilder}: {@code BuilderSettings} and {@code ContentCodings}.
	 */
	@Test
	void internalClassesOfHttpClientAreUsedOnlyWhereListed() {
		classes().that()
			.resideInAPackage(API + "..")
			.should(new ArchCondition<JavaClass>("use internal classes of HttpClient only as listed") {

				@Override
				public void check(JavaClass type, ConditionEvents events) {
					internalsOf(type).filter((use) -> !INTERNALS.contains(use))
						.forEach((use) -> events.add(
								SimpleConditionEvent.violated(type, use + " in " + type.getName() + " is not listed")));
				}

			})
			.check(this.classes);
	}

	private static Stream<String> internalsOf(JavaClass type) {
		String user = type.getName().replaceAll(".*\\.|\\$.*", "") + " uses ";
		Stream<String> types = type.getDirectDependenciesFromSelf()
			.stream()
			.map((dependency) -> dependency.getTargetClass().getBaseComponentType())
			.filter((target) -> target.isAnnotatedWith(INTERNAL))
			.map(JavaClass::getSimpleName);
		Stream<String> called = type.getCodeUnitCallsFromSelf()
			.stream()
			.flatMap((call) -> call.getTarget().resolveMember().stream())
			.filter((member) -> member.isAnnotatedWith(INTERNAL))
			.map(ArchitectureTests::nameOf);
		Stream<String> overridden = type.getMethods()
			.stream()
			.flatMap((method) -> type.getAllRawSuperclasses()
				.stream()
				.flatMap((parent) -> parent.tryGetMethod(method.getName(), typeNames(method)).stream()))
			.filter((method) -> method.isAnnotatedWith(INTERNAL))
			.map(ArchitectureTests::nameOf);
		return Stream.of(types, called, overridden).flatMap((names) -> names).distinct().map((name) -> user + name);
	}

	private static String nameOf(JavaCodeUnit member) {
		String owner = member.getOwner().getSimpleName();
		return member.isConstructor() ? "constructor of " + owner : owner + "." + member.getName();
	}

	private static String[] typeNames(JavaMethod method) {
		return method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
	}

	/**
	 * A thread may be the carrier of many calls, and of none.
	 */
	@Test
	void threadLocalsExistOnlyWhereListed() {
		noClasses().that(DescribedPredicate.not(simpleNames(THREAD_LOCALS)))
			.should()
			.dependOnClassesThat()
			.areAssignableTo(ThreadLocal.class)
			.check(this.classes);
	}

	/**
	 * The user token of the context carries the call, although HttpClient has another use
	 * for it.
	 */
	@Test
	void theUserTokenIsReadAndWrittenOnlyWhereListed() {
		noClasses().that(DescribedPredicate.not(simpleNames(USER_TOKEN)))
			.should()
			.callMethodWhere(
					target(owner(assignableTo(HttpClientContext.class))).and(target(nameMatching("[gs]etUserToken"))))
			.check(this.classes);
	}

	private static DescribedPredicate<JavaClass> simpleNames(Set<String> names) {
		return describe("are named " + names, (type) -> names.contains(type.getSimpleName()));
	}

	private Room assertThatRoom(String name) {
		return new Room(name, this.classes);
	}

	/**
	 * A package of the engine; {@code ""} is the engine's own.
	 */
	private record Room(String name, JavaClasses classes) {

		void seesNothingOf(String... others) {
			String[] packages = Stream.of(others).map(Room::packageOf).toArray(String[]::new);
			noClasses().that()
				.resideInAPackage(packageOf(this.name))
				.should()
				.dependOnClassesThat()
				.resideInAnyPackage(packages)
				.check(this.classes);
		}

		private static String packageOf(String room) {
			return API + ".hc5" + (room.isEmpty() ? "" : "." + room);
		}

	}

}
