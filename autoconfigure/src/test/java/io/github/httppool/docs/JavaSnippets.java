package io.github.httppool.docs;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles the Java snippets of the documentation. Each is one of:
 * <ul>
 * <li>types: compiled as they are;</li>
 * <li>members, such as methods with {@code @Bean}: put into a configuration class;</li>
 * <li>statements: put into a method.</li>
 * </ul>
 * All of them see the {@linkplain #IMPORTS imports} and the {@linkplain #GIVEN types and
 * variables} below, which readers know from the text.
 */
final class JavaSnippets {

	/** Name of the class that contains members or statements. */
	static final String WRAPPER = "Snippet";

	private static final List<String> IMPORTS = List.of("java.io.*", "java.net.*", "java.nio.charset.*", "java.time.*",
			"java.util.*", "java.util.concurrent.*", "java.util.concurrent.atomic.*", "io.github.httppool.*",
			"io.micrometer.core.instrument.*", "org.apache.hc.client5.http.*", "org.apache.hc.client5.http.classic.*",
			"org.apache.hc.client5.http.classic.methods.*", "org.apache.hc.client5.http.impl.*",
			"org.apache.hc.client5.http.impl.classic.*", "org.apache.hc.client5.http.impl.io.*",
			"org.apache.hc.core5.http.io.entity.*", "org.apache.hc.core5.http.io.*", "org.apache.hc.core5.util.*",
			"org.jspecify.annotations.*", "org.slf4j.*", "org.springframework.beans.factory.annotation.*",
			"org.springframework.boot.http.client.*", "org.springframework.boot.restclient.*",
			"org.springframework.boot.restclient.autoconfigure.*", "org.springframework.cloud.client.loadbalancer.*",
			"org.springframework.context.annotation.*", "org.springframework.http.*",
			"org.springframework.http.client.*", "org.springframework.resilience.annotation.*",
			"org.springframework.stereotype.*", "org.springframework.web.bind.annotation.*",
			"org.springframework.web.client.*", "org.springframework.web.service.annotation.*",
			"org.springframework.web.service.registry.*",
			// in several of these packages
			"org.apache.hc.client5.http.classic.HttpClient", "org.apache.hc.client5.http.classic.methods.HttpGet",
			"org.springframework.stereotype.Component", "java.util.List");

	/** What the text tells of. */
	private static final Map<String, String> GIVEN = Map.of("Order", "public record Order(int id, String state) { }",
			"Report", "public record Report(int id, String state) { }", "OrderService", """
					public interface OrderService {
						@org.springframework.web.service.annotation.GetExchange("/orders/{id}")
						Order find(@org.springframework.web.bind.annotation.PathVariable int id);
					}""", "Variables", """
					public class Variables {
						public org.springframework.web.client.RestClient client;
						public org.springframework.web.client.RestClient restClient;
						public final org.slf4j.Logger logger = org.slf4j.LoggerFactory.getLogger("snippet");
						public org.springframework.web.client.RestClient.Builder builder;
						public io.github.httppool.HttpPools httpPools;
					}""");

	/** Of libraries that the registry of this build does not have. */
	private static final Map<String, String> STUBS = Map.of("feign.Client",
			"package feign; public interface Client { }", "feign.hc5.ApacheHttp5Client", """
					package feign.hc5;
					public final class ApacheHttp5Client implements feign.Client {
						public ApacheHttp5Client(org.apache.hc.client5.http.classic.HttpClient client) { }
					}""");

	private static final Pattern TYPE = Pattern
		.compile("(?m)^(?:public |final |abstract |static |sealed )*(?:class|interface|record|enum|@interface) (\\w+)");

	private static final Pattern MEMBER = Pattern.compile(
			"(?m)^(?:@Bean|@Override|(?:public |private |protected |static |final )*[\\w<>?,.\\[\\] ]+ \\w+\\([^()]*\\)"
					+ "(?: throws [\\w, ]+)? \\{$|(?:static|private|protected|public) )");

	private final Path output;

	private final List<JavaFileObject> sources = new ArrayList<>();

	private final Map<String, Page.Snippet> origins = new LinkedHashMap<>();

	private final Map<String, Integer> offsets = new LinkedHashMap<>();

	JavaSnippets(List<Page.Snippet> snippets, Path output) {
		this.output = output;
		STUBS.forEach(this::source);
		GIVEN.forEach((name, text) -> source("given." + name, "package given; " + text));
		int number = 1;
		for (Page.Snippet snippet : snippets) {
			String name = "snippet" + number++;
			this.origins.put(name, snippet);
			String head = head(name, snippet.text());
			this.offsets.put(name, (int) head.lines().count());
			source(name + "." + WRAPPER, head + snippet.text() + tail(snippet.text()));
		}
	}

	private static String head(String name, String text) {
		StringBuilder head = new StringBuilder("package " + name + ";\n");
		IMPORTS.forEach((type) -> head.append("import ").append(type).append(";\n"));
		GIVEN.keySet()
			.stream()
			.filter((type) -> !types(text).contains(type))
			.forEach((type) -> head.append("import given.").append(type).append(";\n"));
		if (isOfStatements(text)) {
			head.append("public class " + WRAPPER + " extends Variables { public void run() throws Exception {\n");
		}
		else if (!isOfTypes(text)) {
			head.append("@Configuration(proxyBeanMethods = false) public class " + WRAPPER + " {\n");
		}
		return head.toString();
	}

	private static String tail(String text) {
		return isOfTypes(text) ? "" : isOfStatements(text) ? "} }" : "}";
	}

	static boolean isOfTypes(String text) {
		return TYPE.matcher(text).find() && !startsALine(text, "@Bean");
	}

	private static boolean startsALine(String text, String start) {
		return text.lines().anyMatch((line) -> line.startsWith(start));
	}

	static boolean isOfStatements(String text) {
		return !isOfTypes(text) && !MEMBER.matcher(text).find();
	}

	/**
	 * Return the names of the types of a snippet.
	 */
	static List<String> types(String text) {
		return TYPE.matcher(text).results().map((type) -> type.group(1)).toList();
	}

	private void source(String name, String text) {
		this.sources.add(new SimpleJavaFileObject(URI.create("string:///" + name.replace('.', '/') + ".java"),
				JavaFileObject.Kind.SOURCE) {

			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return text;
			}

		});
	}

	/**
	 * Compile all of them.
	 * @return the errors, each with its page and line
	 */
	List<String> compile() {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		StringWriter messages = new StringWriter();
		compiler
			.getTask(messages, null, diagnostics, List.of("-proc:none", "-parameters", "-nowarn", "-d",
					this.output.toString(), "-cp", System.getProperty("java.class.path")), null, this.sources)
			.call();
		return diagnostics.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
			.map(this::text)
			.toList();
	}

	private String text(Diagnostic<? extends JavaFileObject> error) {
		String message = error.getMessage(Locale.ROOT).replaceAll("\\s+", " ");
		Matcher name = Pattern.compile("/(snippet\\d+)/").matcher(String.valueOf(error.getSource().toUri()));
		if (!name.find()) {
			return error.getSource() + ": " + message;
		}
		Page.Snippet origin = this.origins.get(name.group(1));
		return origin.page() + ":" + (origin.line() + error.getLineNumber() - this.offsets.get(name.group(1)) - 1)
				+ ": " + message;
	}

	/**
	 * Return the snippets by the names of their packages.
	 */
	Map<String, Page.Snippet> byPackage() {
		return this.origins;
	}

	/**
	 * Return a class loader with the compiled classes.
	 */
	URLClassLoader load() {
		try {
			return new URLClassLoader(new URL[] { this.output.toUri().toURL() }, getClass().getClassLoader());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
