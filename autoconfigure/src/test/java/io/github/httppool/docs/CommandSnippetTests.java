package io.github.httppool.docs;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Build files and commands of the documentation: their XML is well-formed, coordinates
 * and versions are those of the build, and files, modules and profiles exist.
 */
class CommandSnippetTests {

	private static final Pattern COORDINATES = Pattern.compile("io\\.github\\.httppool:([a-z-]+)(?::([\\w.-]+))?");

	private static final Pattern MODULES = Pattern.compile("-pl ([\\w,-]+)");

	private static final Pattern PROFILE = Pattern.compile(" -P([\\w.-]+)");

	private static final Pattern JAR = Pattern.compile("([\\w-]+)/target/([\\w-]+)\\.jar");

	private static final Pattern SCRIPT = Pattern.compile("(?m)(?:^|[ =])(\\.ci/\\w+)");

	private final XPath xpath = XPathFactory.newInstance().newXPath();

	static Stream<Page.Snippet> xml() {
		return snippets("xml");
	}

	static Stream<Page.Snippet> builds() {
		return snippets("kotlin", "groovy", "gradle");
	}

	static Stream<Page.Snippet> commands() {
		return snippets("shell", "sh", "bash", "");
	}

	private static Stream<Page.Snippet> snippets(String... languages) {
		return Page.all()
			.stream()
			.flatMap((page) -> Stream.of(languages).flatMap((language) -> page.snippets(language).stream()));
	}

	@ParameterizedTest
	@MethodSource("xml")
	void mavenSnippetsAreThoseOfTheBuild(Page.Snippet snippet) throws Exception {
		Document document = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new InputSource(new StringReader("<snippet>" + snippet.text() + "</snippet>")));
		int ours = Integer.parseInt(this.xpath.evaluate("count(//dependency[groupId='io.github.httppool'])", document));
		for (int i = 1; i <= ours; i++) {
			String dependency = "(//dependency[groupId='io.github.httppool'])[" + i + "]/";
			assertIsOurs(this.xpath.evaluate(dependency + "artifactId", document),
					this.xpath.evaluate(dependency + "version", document));
		}
	}

	@ParameterizedTest
	@MethodSource("builds")
	void gradleSnippetsAreThoseOfTheBuild(Page.Snippet snippet) {
		assertThat(COORDINATES.matcher(snippet.text()).results().toList())
			.allSatisfy((coordinates) -> assertIsOurs(coordinates.group(1),
					(coordinates.group(2) != null) ? coordinates.group(2) : ""));
	}

	private void assertIsOurs(String artifact, String version) {
		try (Stream<Path> poms = Files.find(Page.ROOT, 2, (file, attributes) -> file.endsWith("pom.xml"))) {
			assertThat(poms.map(CommandSnippetTests::read))
				.anySatisfy((pom) -> assertThat(pom).contains("<artifactId>" + artifact + "</artifactId>"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		assertThat(version).isIn("",
				Pattern.compile("<version>(.*?)</version>")
					.matcher(read(Page.ROOT.resolve("pom.xml")))
					.results()
					.findFirst()
					.orElseThrow()
					.group(1));
	}

	@ParameterizedTest
	@MethodSource("commands")
	void modulesProfilesAndFilesOfCommandsExist(Page.Snippet snippet) {
		String pom = read(Page.ROOT.resolve("pom.xml"));
		for (String line : snippet.text().lines().filter((line) -> line.contains("mvn ")).toList()) {
			MODULES.matcher(line)
				.results()
				.flatMap((modules) -> Stream.of(modules.group(1).split(",")))
				.forEach((module) -> assertThat(Page.ROOT.resolve(module).resolve("pom.xml")).exists());
			PROFILE.matcher(line)
				.results()
				.forEach((profile) -> assertThat(pom + read(Page.ROOT.resolve("autoconfigure/pom.xml"))
						+ read(Page.ROOT.resolve("core/pom.xml")))
					.contains("<id>" + profile.group(1) + "</id>"));
		}
		JAR.matcher(snippet.text())
			.results()
			.forEach((jar) -> assertThat(read(Page.ROOT.resolve(jar.group(1)).resolve("pom.xml")))
				.contains("<finalName>" + jar.group(2) + "</finalName>"));
		SCRIPT.matcher(snippet.text())
			.results()
			.forEach((script) -> assertThat(Page.ROOT.resolve(script.group(1))).exists());
	}

	@Test
	void theReadmeHasTheCommandsOfTheSetUp() {
		List<String> commands = Page.of("README.md")
			.snippets("shell")
			.stream()
			.map((snippet) -> snippet.text().strip())
			.toList();
		assertThat(commands).contains(
				"mvn -B -ntp -DskipTests package && java -jar sample-app/target/http-pool-sample-app.jar",
				"mvn -B -ntp verify");
		assertThat(read(Page.ROOT.resolve(".ci/run"))).contains("mvn -B -ntp verify");
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
