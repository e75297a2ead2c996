package io.github.httppool.testing;

import java.io.StringWriter;
import java.io.PrintWriter;
import java.net.URI;
import java.util.regex.Pattern;

import io.github.httppool.findings.MessageLines;
import io.github.httppool.hc5.observe.Details;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The exception that the user of a {@link RestClient} sees when a call fails.
 */
public final class ExplainedFailure {

	/** Pattern of a time in milliseconds or seconds. */
	public static final String TIME = "(?:\\d{1,3}ms|\\d+(?:\\.\\d)?s)";

	private ExplainedFailure() {
	}

	/**
	 * Get with Spring's client, with secrets in the request, and check the exception.
	 * @param type the exact class, for which retry code looks
	 * @param message a pattern for the whole message of the pool
	 * @return the exception of the pool
	 */
	public static Throwable ofGet(PoolFixture pool, URI uri, Class<? extends Exception> type, String message) {
		return of(() -> pool.spring()
			.get()
			.uri(URI.create(uri + "?token=secret"))
			.header("Authorization", "secret")
			.retrieve()
			.body(String.class), type, message);
	}

	/**
	 * Return the message with its details as one line, and assert that no line is too
	 * long.
	 */
	public static String inOneLine(Throwable failure) {
		StringBuilder message = new StringBuilder(failure.getMessage());
		for (Throwable suppressed : failure.getSuppressed()) {
			if (suppressed instanceof Details) {
				message.append("\n  ").append(suppressed.getMessage());
			}
		}
		assertThat(message.toString().lines()).allSatisfy((line) -> assertThat(line)
			.hasSizeLessThanOrEqualTo((message.length() > failure.getMessage().length()) ? 300 : MessageLines.LONGEST));
		return message.toString().replaceAll("\n  ", " ");
	}

	public static Throwable of(ThrowingCallable call, Class<? extends Exception> type, String message) {
		ResourceAccessException thrown = catchThrowableOfType(ResourceAccessException.class, call);
		assertThat(thrown).as("exception of Spring").isNotNull();
		Throwable explained = thrown.getCause();
		assertThat(explained).isExactlyInstanceOf(type);
		assertThat(inOneLine(explained)).matches(Pattern.compile(message, Pattern.DOTALL)).doesNotContain("secret");
		assertThat(thrown).hasMessageEndingWith(explained.getMessage());
		// Evidence of another class is suppressed: the root cause keeps HttpClient's
		// class.
		Throwable[] evidence = explained.getSuppressed();
		assertThat((evidence.length != 0) ? evidence[0] : explained.getCause()).as("what happened")
			.isInstanceOf(Exception.class);
		return explained;
	}

	/**
	 * Return the stack trace as it would be printed.
	 */
	public static String stackTrace(Throwable ex) {
		StringWriter trace = new StringWriter();
		ex.printStackTrace(new PrintWriter(trace));
		return trace.toString();
	}

}
