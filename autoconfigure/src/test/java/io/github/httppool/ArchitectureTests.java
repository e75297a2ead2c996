package io.github.httppool;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
import org.junit.jupiter.api.TestInstance;

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
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The structure of the code: dependencies between packages and between classes, sizes of
 * source files, and the few places that may use special classes.
 */
@Tag("waiting")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
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
			"ConnectOperator uses DefaultHttpClientConnectionOperator", "ContentCodings uses ContentCodecRegistry",
			"CookieDefaults uses CookieSpecSupport", "DecodedResponse uses CloseableHttpResponse.create",
			"Lease uses constructor of EndpointInfo", "Lease uses RequestExecutor",
			"MessageConnection uses SocketHolder.getBaseSocket",
			"PooledConnectionManager uses DefaultHttpClientConnectionOperator",
			"PooledConnectionManager uses HttpClientConnectionOperator",
			"PooledConnectionManager uses constructor of PoolingHttpClientConnectionManager",
			"ProtocolBypassExec uses ExecRuntime", "ProtocolBypassExec uses ProtocolExec",
			"ReceivingConnection uses DefaultManagedHttpClientConnection", "ReleasingEntity uses ExecRuntime",
			"ReleasingInputStream uses ExecRuntime", "RouteWarmUp uses ExecRuntime",
			"SocketCheck uses SocketHolder.getSSLSocket", "SocketConnection uses DefaultManagedHttpClientConnection",
			"SocketConnection uses SocketHolder.getBaseSocket", "SocksRoute uses ManagedHttpClientConnection",
			"StaleRetryExec uses ExecRuntime", "TunnelRequest uses RequestExecutor",
			"UndecodedEntity uses ContentCompressionExec", "WarmUpExec uses ConnectExec",
			"WarmUpExec uses ExecRuntime");

	private static final Set<String> THREAD_LOCALS = Set.of("CallTimeoutScope");

	private static final Set<String> USER_TOKEN = Set.of("Call", "CallExec");

	private static final int MAX_LINES = 400;

	/** Longer source files, and their limits. */
	private static final Map<String, Integer> LONG_FILES = Map.of();

	/** Classes that depend on one another. Only those of {@code hc5.pool} may stay. */
	private static final Set<String> CYCLES = Set.of("hc5.pool.BodyState", "hc5.pool.Call", "hc5.pool.ConnectionCheck",
			"hc5.pool.ConnectionReport", "hc5.pool.Exchange", "hc5.pool.ExchangeProgress", "hc5.pool.LeakTask",
			"hc5.pool.Lease", "hc5.pool.LeaseDetails", "hc5.pool.LeaseRelease", "hc5.pool.PendingAcquire",
			"hc5.pool.PooledConnection", "hc5.pool.PooledConnections", "hc5.pool.Route", "hc5.pool.RouteSlots");

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

	@Test
	void noSourceFileIsTooLong() throws IOException {
		longFiles().forEach((file, lines) -> assertThat(lines)
			.as("%s.java: move one of its responsibilities into a class of its own", file)
			.isLessThanOrEqualTo(LONG_FILES.getOrDefault(file, MAX_LINES)));
	}

	/**
	 * Only classes of the pool may, where a connection, its lease and the pool act on one
	 * another.
	 */
	@Test
	void classesDoNotDependOnOneAnother() {
		assertThat(ClassCycles.in(this.classes)).allSatisfy((cycle) -> assertThat(CYCLES)
			.as("Turn a dependency in the cycle %s around: pass the value instead of its owner, or declare an "
					+ "interface beside its user", cycle)
			.containsAll(relative(cycle)));
	}

	@Test
	void noPackageIsInTwoModules() throws IOException {
		Map<String, Path> modules = new HashMap<>();
		for (Path module : modules()) {
			for (String name : packagesOf(module)) {
				assertThat(modules.put(name, module))
					.as("%s: give the package of one of the modules another name, because a package in two modules "
							+ "cannot be a Java module", name)
					.isNull();
			}
		}
	}

	/**
	 * The lists of this class only shrink.
	 */
	@Test
	void everyListedExceptionIsNeeded() throws IOException {
		String remove = "Remove from %s what is not needed any more";
		assertThat(longFiles().keySet()).as(remove, "LONG_FILES").containsAll(LONG_FILES.keySet());
		assertThat(ClassCycles.in(this.classes)).flatExtracting(ArchitectureTests::relative)
			.as(remove, "CYCLES")
			.containsAll(CYCLES);
		assertThat(this.classes).flatExtracting((type) -> internalsOf(type).toList())
			.as(remove, "INTERNALS")
			.containsAll(INTERNALS);
		assertThat(this.classes)
			.filteredOn((type) -> type.getDirectDependenciesFromSelf()
				.stream()
				.anyMatch((dependency) -> dependency.getTargetClass().isAssignableTo(ThreadLocal.class)))
			.extracting(JavaClass::getSimpleName)
			.as(remove, "THREAD_LOCALS")
			.containsAll(THREAD_LOCALS);
		assertThat(this.classes)
			.filteredOn((type) -> type.getMethodCallsFromSelf()
				.stream()
				.anyMatch((call) -> call.getName().matches("[gs]etUserToken")
						&& call.getTargetOwner().isAssignableTo(HttpClientContext.class)))
			.extracting(JavaClass::getSimpleName)
			.as(remove, "USER_TOKEN")
			.containsAll(USER_TOKEN);
	}

	private static List<String> relative(Set<String> names) {
		return names.stream().map((name) -> name.substring(API.length() + 1)).toList();
	}

	/**
	 * Return the main source files with more than {@value #MAX_LINES} lines.
	 */
	private static Map<String, Integer> longFiles() throws IOException {
		Map<String, Integer> longFiles = new TreeMap<>();
		for (Path module : modules()) {
			for (Path source : sourcesOf(module)) {
				int lines = Files.readAllLines(source).size();
				if (lines > MAX_LINES) {
					longFiles.put(source.getFileName().toString().replace(".java", ""), lines);
				}
			}
		}
		return longFiles;
	}

	private static List<Path> modules() throws IOException {
		try (Stream<Path> folders = Files.list(Path.of(".."))) {
			return folders.map((folder) -> folder.resolve("src/main/java")).filter(Files::isDirectory).toList();
		}
	}

	private static List<Path> sourcesOf(Path module) throws IOException {
		try (Stream<Path> files = Files.walk(module)) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList();
		}
	}

	private static Set<String> packagesOf(Path module) throws IOException {
		return sourcesOf(module).stream()
			.map((source) -> module.relativize(source.getParent()).toString().replace(File.separatorChar, '.'))
			.collect(Collectors.toSet());
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
