package io.github.httppool.page;

import java.time.Duration;
import java.util.Map;

import io.github.httppool.testing.Browser;
import io.github.httppool.testing.Program;
import io.github.httppool.testing.RequiresProgram;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page behind Spring Security, which adds a Content-Security-Policy of its own.
 */
@Tag("slow")
@RequiresProgram({ Program.CHROMIUM, Program.CHROMEDRIVER })
class SecuredPageTests {

	@Test
	void asksToSignInAgainWhenTheSessionIsOver() throws Exception {
		try (Browser browser = Browser.start(); PageApplication application = PageApplication.start(Secured.class)) {
			browser.open(application.page());
			signIn(browser);
			await(browser, "#pool-list", "Pool default");
			assertThat(browser.<String>run("return location.pathname")).isEqualTo("/actuator/httppool");
			assertThat(browser.messages()).noneMatch((message) -> message.contains("actuator"));
			browser.devTools("Network.clearBrowserCookies", Map.of());
			await(browser, "#notice", "You are no longer signed in.");
			await(browser, "#state", "You are no longer signed in, data are ");
			browser.click("#notice a");
			signIn(browser);
			await(browser, "#state", "Live");
			assertThat(browser.<String>run("return location.pathname + location.search"))
				.as("not the address of the data")
				.startsWith("/actuator/httppool")
				.doesNotContain("page=");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "page:secret@", "" })
	void worksWithAPasswordInTheAddressOrInTheBrowser(String credentials) throws Exception {
		try (Browser browser = Browser.start(); PageApplication application = PageApplication.start(Basic.class)) {
			String url = application.page() + "/default";
			if (credentials.isEmpty()) {
				browser.open(url.replace("//", "//page:secret@"));
				await(browser, "#state", "Live");
				browser.open(url);
			}
			else {
				browser.open(url.replace("//", "//" + credentials));
			}
			await(browser, "#pool-list", "Pool default");
			assertThat(browser.messages()).isEmpty();
		}
	}

	private static void signIn(Browser browser) {
		await(browser, "body", "Please sign in");
		browser.run("""
				document.querySelector('#username').value = 'page';
				document.querySelector('#password').value = 'secret';
				document.querySelector('form').submit();
				""");
	}

	private static void await(Browser browser, String selector, String text) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.pollInterval(Duration.ofMillis(100))
			.untilAsserted(() -> assertThat(browser.text(selector)).contains(text));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebSecurity
	static class Secured {

		@Bean
		SecurityFilterChain security(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.formLogin(Customizer.withDefaults())
				.headers((headers) -> headers
					.contentSecurityPolicy((policy) -> policy.policyDirectives("default-src 'self'")))
				.build();
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(User.withUsername("page").password("{noop}secret").build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableWebSecurity
	static class Basic {

		@Bean
		SecurityFilterChain security(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.httpBasic(Customizer.withDefaults())
				.headers((headers) -> headers
					.contentSecurityPolicy((policy) -> policy.policyDirectives("default-src 'self'")))
				.build();
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(User.withUsername("page").password("{noop}secret").build());
		}

	}

}
