package io.github.httppool.hostile;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;

import io.github.httppool.hostile.Caller.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the caller of a case gets.
 */
abstract class Outcome {

	/**
	 * Say whether this is what the caller got.
	 * @param answer what the caller got, or {@code null}
	 * @param failure what was thrown at the caller, or {@code null}
	 */
	abstract void verify(Answer answer, Throwable failure);

	/**
	 * Return this as the table shows it.
	 */
	@Override
	public abstract String toString();

	/**
	 * A response, that of an error or any other.
	 */
	static Outcome answer(int status, String body) {
		return answer(status, body, body.isEmpty() ? "no body" : "`" + body + "`");
	}

	/**
	 * A response whose body is too long for the table.
	 */
	static Outcome answer(int status, String body, String described) {
		return new Outcome() {

			@Override
			void verify(Answer answer, Throwable failure) {
				assertThat(failure).as("failure").isNull();
				assertThat(answer).isEqualTo(new Answer(status, body));
			}

			@Override
			public String toString() {
				return status + ", " + described;
			}

		};
	}

	/**
	 * An exception as callers expect it: one of Spring's, or an I/O exception where they
	 * read a stream.
	 * @param type what is found in it or its causes
	 * @param message a part of that one's message
	 */
	static Outcome failure(Class<? extends Throwable> type, String message) {
		return new Outcome() {

			@Override
			void verify(Answer answer, Throwable failure) {
				assertThat(answer).as("answer").isNull();
				assertThat(failure).matches(Outcome::isExpectedOfAClient,
						"is an I/O exception, one of Spring's or a cancellation");
				assertThat(Stream.iterate(failure, (cause) -> cause != null, Throwable::getCause))
					.as("causes of %s", failure)
					.anySatisfy((cause) -> {
						assertThat(cause).isInstanceOf(type);
						assertThat(String.valueOf(cause.getMessage())).contains(message);
					});
			}

			@Override
			public String toString() {
				return "`" + type.getSimpleName() + "`" + (message.isEmpty() ? "" : " that says `" + message + "`");
			}

		};
	}

	private static boolean isExpectedOfAClient(Throwable failure) {
		// HttpClient itself throws the last one where the wait for a connection is
		// cancelled.
		return failure instanceof IOException || failure.getClass().getName().startsWith("org.springframework.")
				|| failure instanceof CancellationException;
	}

	/**
	 * What the caller's own code threw, as it is.
	 */
	static Outcome thrown(Throwable own) {
		return new Outcome() {

			@Override
			void verify(Answer answer, Throwable failure) {
				assertThat(failure).isSameAs(own);
			}

			@Override
			public String toString() {
				return "its own `" + own.getClass().getSimpleName() + "`";
			}

		};
	}

}
