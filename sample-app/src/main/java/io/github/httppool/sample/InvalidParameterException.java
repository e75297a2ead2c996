package io.github.httppool.sample;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * A request parameter makes no sense. The client is told which one, and what to write.
 */
class InvalidParameterException extends ErrorResponseException {

	private InvalidParameterException(String name, String value, String detail) {
		super(HttpStatus.BAD_REQUEST, problem(name, value, detail), null);
	}

	static InvalidParameterException value(String name, String value, String expected) {
		return new InvalidParameterException(name, value,
				"The value '" + value + "' of '" + name + "' makes no sense: write " + expected);
	}

	static InvalidParameterException name(String name, String value, String expected) {
		return new InvalidParameterException(name, value, "There is no parameter '" + name + "': write " + expected);
	}

	private static ProblemDetail problem(String name, String value, String detail) {
		ProblemDetail problem = ProblemDetail.forStatus(HttpStatus.BAD_REQUEST);
		problem.setTitle("Invalid parameter '" + name + "'");
		problem.setDetail(detail);
		problem.setProperty("parameter", name);
		problem.setProperty("value", value);
		return problem;
	}

}
