package io.github.httppool.hc5.exec;

import java.net.URI;
import java.net.URISyntaxException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RedirectLocation}, with the examples of RFC 3986 section 5.4.
 */
@Tag("waiting")
class RedirectLocationTests {

	private static final URI BASE = URI.create("http://a/b/c/d;p?q");

	@ParameterizedTest
	@CsvSource({ "g, /b/c/g", "./g, /b/c/g", "g/, /b/c/g/", "/g, /g", "?y, /b/c/d;p?y", "g?y, /b/c/g?y",
			"#s, /b/c/d;p?q#s", "g#s, /b/c/g#s", "g?y#s, /b/c/g?y#s", ";x, /b/c/;x", "g;x, /b/c/g;x",
			"g;x?y#s, /b/c/g;x?y#s", "'', /b/c/d;p?q", "., /b/c/", "./, /b/c/", ".., /b/", "../, /b/", "../g, /b/g",
			"../.., /", "../../, /", "../../g, /g" })
	void normalExamplesOfTheRfcAreResolved(String reference, String resolved) throws Exception {
		assertThat(RedirectLocation.resolve(BASE, reference)).hasToString("http://a" + resolved);
	}

	@ParameterizedTest
	@CsvSource({ "../../../g, /g", "../../../../g, /g", "/./g, /g", "/../g, /g", "g., /b/c/g.", ".g, /b/c/.g",
			"g.., /b/c/g..", "..g, /b/c/..g", "./../g, /b/g", "./g/., /b/c/g/", "g/./h, /b/c/g/h", "g/../h, /b/c/h",
			"g;x=1/./y, /b/c/g;x=1/y", "g;x=1/../y, /b/c/y", "g?y/./x, /b/c/g?y/./x", "g?y/../x, /b/c/g?y/../x",
			"g#s/./x, /b/c/g#s/./x", "g#s/../x, /b/c/g#s/../x" })
	void abnormalExamplesOfTheRfcAreResolved(String reference, String resolved) throws Exception {
		assertThat(RedirectLocation.resolve(BASE, reference)).hasToString("http://a" + resolved);
	}

	@ParameterizedTest
	@CsvSource({ "//g, http://g/", "//g?y, http://g/?y", "https://G:443/%7Ex, https://g:443/%7Ex",
			"http://h//a//../b, http://h//a/b", "http://[::1%25lo]/x, http://[::1%25lo]/x",
			"http://h/..., http://h/...", "http://h/.../x, http://h/.../x", "http://h/a/..%2f/b, http://h/a/..%2f/b",
			"http://u:p@H/, http://u:p@h/", "http://h:/x, http://h:/x", "g:h, g:h", "file:///etc/x, file:///etc/x",
			"http:///x, http:///x" })
	void locationWithAuthorityIsOnlyNormalized(String reference, String resolved) throws Exception {
		assertThat(RedirectLocation.resolve(BASE, reference)).hasToString(resolved);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/a b", "/a\tb", "/a|b", "/a\\b", "/%zz", "/%2", "//", "http://", "http://h:-1/",
			"http://h:+80/", "http://h:80:80/", "http://[::1/", "http://h%2fx/", "http://h%00/",
			"http://h%E2%84%80.example/", "http://%C3%28/", "/a\u007fb", ":x" })
	void invalidReferenceIsRejectedWithoutRepeatingIt(String reference) {
		assertThatExceptionOfType(URISyntaxException.class).isThrownBy(() -> RedirectLocation.resolve(BASE, reference))
			.withMessage("invalid: Location");
	}

}
