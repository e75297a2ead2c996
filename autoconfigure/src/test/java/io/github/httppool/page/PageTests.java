package io.github.httppool.page;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the endpoint answers to clients that are browsers, and to those that are not.
 */
@Tag("slow")
class PageTests {

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,"
			+ "image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";

	private static final String V3 = "application/vnd.spring-boot.actuator.v3+json";

	private static final Pattern FILE = Pattern.compile("[\"'(]\\??(?:page=)?([a-z]+\\.(?:js|css|svg))[\"')]");

	private final HttpClient client = HttpClient.newHttpClient();

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void onlyABrowserGetsThePage(String type) throws Exception {
		try (PageApplication application = PageApplication.start("spring.main.web-application-type=" + type)) {
			for (String path : new String[] { "", "/default" }) {
				String url = application.page() + path;
				assertHtml(get(url, BROWSER), 200);
				assertHtml(get(url, "text/html"), 200);
				assertHtml(get(url, "text/html, application/json;q=0.9"), 200);
				assertJson(get(url, null), V3);
				assertJson(get(url, "*/*"), V3);
				assertJson(get(url, "application/json"), "application/json");
				assertJson(get(url, V3), V3);
				assertJson(get(url, "application/vnd.spring-boot.actuator.v2+json"),
						"application/vnd.spring-boot.actuator.v2+json");
				assertJson(get(url, "application/json, text/html"), "application/json");
				assertJson(get(url, "application/json, text/plain, */*"), "application/json");
				assertJson(get(url, "text/html;q=0.5, application/json"), "application/json");
				assertJson(get(url, "application/*"), V3);
				assertThat(get(url, "image/png").statusCode()).isEqualTo(406);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void whatIsNotThereIsNotFound(String type) throws Exception {
		try (PageApplication application = PageApplication.start("spring.main.web-application-type=" + type)) {
			assertHtml(get(application.page() + "/orders", BROWSER), 404);
			HttpResponse<String> json = get(application.page() + "/orders", "application/json");
			assertThat(json.statusCode()).isEqualTo(404);
			assertThat(json.body()).isEmpty();
			for (String page : new String[] { "other.js", "..%2Fpage.css", "INDEX", "", "../PageResource.class" }) {
				assertThat(get(application.page() + "?page=" + page, "*/*").statusCode()).isEqualTo(404);
				assertThat(get(application.page() + "/default?page=" + page, "*/*").statusCode()).isEqualTo(404);
			}
			assertThat(get(application.page() + "/orders?page=data", "*/*").statusCode()).isEqualTo(404);
			assertThat(get(application.page() + "/default/events", BROWSER).headers().firstValue("Content-Type"))
				.hasValueSatisfying((value) -> assertThat(value).contains("json"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "servlet", "reactive" })
	void thePageIsSmallAndNeedsNothingElse(String type) throws Exception {
		try (PageApplication application = PageApplication.start("spring.main.web-application-type=" + type)) {
			String index = get(application.page(), BROWSER).body();
			assertThat(index).startsWith("<!DOCTYPE html>")
				.contains("<noscript>", "http-equiv=\"Content-Security-Policy\"", "default-src 'none'")
				.doesNotContainPattern("(?i)\\son[a-z]+=|style=|javascript:|<style|<script(?! type=\"module\" src=)");
			int size = index.length();
			Set<String> files = new LinkedHashSet<>(referencesOf(index));
			Set<String> read = new HashSet<>();
			while (!read.equals(files)) {
				String file = files.stream().filter((candidate) -> !read.contains(candidate)).findFirst().orElseThrow();
				read.add(file);
				HttpResponse<String> response = get(application.page() + "/default?page=" + file, "*/*");
				assertThat(response.statusCode()).as(file).isEqualTo(200);
				assertThat(response.headers().firstValue("Content-Type")).hasValue(typeOf(file));
				assertThat(response.body()).as("%s makes no markup of what it shows", file)
					.doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
							"setAttribute('style'");
				assertThat(response.body().replace("http://www.w3.org/2000/svg", ""))
					.as("%s needs no other server", file)
					.doesNotContainPattern("https?:|//[a-z0-9-]+\\.[a-z]");
				size += response.body().getBytes(StandardCharsets.UTF_8).length;
				files.addAll(referencesOf(response.body()));
			}
			assertThat(files).hasSize(11);
			assertThat(size).isLessThan(60_000);
		}
	}

	@Test
	void itsDataAreThoseOfTheEndpoint() throws Exception {
		try (PageApplication application = PageApplication.start("http-pool.pools.orders.max-total=7")) {
			String all = get(application.page() + "?page=data", "application/json").body();
			assertThat(JsonPath.<Set<String>>read(all, "$.pools.keys()")).containsExactly("default", "orders");
			assertThat(JsonPath.<String>read(all, "$.application")).isEqualTo("shop");
			String one = get(application.page() + "/orders?page=data", "application/json").body();
			assertThat(JsonPath.<Set<String>>read(one, "$.pools.keys()")).containsExactly("orders");
			assertThat(JsonPath.<String>read(one, "$.pool")).isEqualTo("orders");
			assertThat(JsonPath.<Object>read(one, "$.pools.orders.now"))
				.isEqualTo(JsonPath.read(get(application.page() + "/orders", null).body(), "$"));
		}
	}

	@Test
	void cachedJsonIsNotTakenForThePage() throws Exception {
		try (PageApplication application = PageApplication
			.start("management.endpoint.httppool.cache.time-to-live=1m")) {
			String first = get(application.page() + "?page=data", null).body();
			assertJson(get(application.page(), null), V3);
			assertHtml(get(application.page(), BROWSER), 200);
			assertThat(get(application.page() + "?page=main.js", "*/*").body()).startsWith("//");
			assertJson(get(application.page(), null), V3);
			assertThat(get(application.page() + "?page=data", null).body()).isNotEqualTo(first);
		}
	}

	@Test
	void thereIsNoPageWhereTheEndpointIsNotExposed() throws Exception {
		try (PageApplication application = PageApplication
			.start("management.endpoints.web.exposure.exclude=httppool")) {
			assertThat(get(application.page(), BROWSER).statusCode()).isEqualTo(404);
			assertThat(get(application.page() + "?page=main.js", "*/*").statusCode()).isEqualTo(404);
		}
		try (PageApplication application = PageApplication.start("management.endpoint.httppool.access=none")) {
			assertThat(get(application.page(), BROWSER).statusCode()).isEqualTo(404);
		}
	}

	private static Set<String> referencesOf(String text) {
		Set<String> references = new LinkedHashSet<>();
		Matcher matcher = FILE.matcher(text);
		while (matcher.find()) {
			references.add(matcher.group(1));
		}
		return references;
	}

	private static String typeOf(String file) {
		String type = file.endsWith(".js") ? "text/javascript" : file.endsWith(".css") ? "text/css" : "image/svg+xml";
		return type + ";charset=UTF-8";
	}

	private static void assertHtml(HttpResponse<String> response, int status) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
		assertThat(response.body()).startsWith("<!DOCTYPE html>");
	}

	private static void assertJson(HttpResponse<String> response, String type) {
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
		assertThat(response.body())
			.startsWith(response.uri().getPath().endsWith("default") ? "{\"findings\":[" : "{\"pools\":");
	}

	private HttpResponse<String> get(String url, String accept) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
		if (accept != null) {
			request.header("Accept", accept);
		}
		return this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

}
