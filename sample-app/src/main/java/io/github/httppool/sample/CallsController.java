package io.github.httppool.sample;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * Makes calls on demand and shows what they have cost.
 */
@RestController
class CallsController {

	private static final String WELCOME = """
			HTTP Pool: sample application. Open {here} in a browser for the lab, or try this:

			2,000 calls, 100 at once, bodies ignored: at most 50 connections
			  curl -X POST -H 'Accept: text/plain' '{here}/calls?count=2000&concurrency=100&body=ignore'

			The same with a 404 for every tenth call, as JSON
			  curl -X POST '{here}/calls?body=ignore&missing=true'

			Unread bodies longer than http-pool.drain.max-bytes: each costs its connection
			  curl -X POST -H 'Accept: text/plain' '{here}/calls?body=ignore&bytes=100000'

			The pool
			  curl {here}/actuator/httppool
			  curl -s {here}/actuator/prometheus | grep http_pool_
			  curl -X POST -H 'Content-Type: application/json' -d '{"maxPerRoute": 100}' {here}/actuator/httppool/default
			  curl -X DELETE {here}/actuator/httppool/default
			""";

	private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

	private static final Resource PAGE = new ClassPathResource("static/index.html");

	private final CallMeasurement measurement;

	CallsController(CallMeasurement measurement) {
		this.measurement = measurement;
	}

	/**
	 * Return the lab to a browser, and what to try to everything else.
	 * @param accept what the client accepts
	 */
	@GetMapping("/")
	ResponseEntity<?> welcome(@RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "") String accept) {
		if (accept.contains(MediaType.TEXT_HTML_VALUE)) {
			return ResponseEntity.ok().contentType(HTML).varyBy(HttpHeaders.ACCEPT).body(PAGE);
		}
		return ResponseEntity.ok()
			.contentType(MediaType.TEXT_PLAIN)
			.varyBy(HttpHeaders.ACCEPT)
			.body(WELCOME.replace("{here}", ServletUriComponentsBuilder.fromCurrentContextPath().toUriString()));
	}

	@PostMapping(path = "/calls", produces = MediaType.APPLICATION_JSON_VALUE)
	CallReport calls(@RequestParam Map<String, String> parameters) throws InterruptedException, ExecutionException {
		return this.measurement.measure(CallPlan.from(parameters));
	}

	@PostMapping(path = "/calls", produces = MediaType.TEXT_PLAIN_VALUE)
	String table(@RequestParam Map<String, String> parameters) throws InterruptedException, ExecutionException {
		return calls(parameters).table();
	}

}
