package io.github.httppool.sample.lab;

import java.util.List;
import java.util.Map;

import io.github.httppool.sample.lab.Lab.RunInProgressException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.ErrorResponse;

/**
 * What the page of the lab asks for.
 */
@RestController
@RequestMapping(path = "/lab", produces = MediaType.APPLICATION_JSON_VALUE)
class LabController {

	private final Lab lab;

	LabController(Lab lab) {
		this.lab = lab;
	}

	@GetMapping("/experiments")
	Catalogue experiments() {
		return new Catalogue(TimeWaitSockets.localPorts(), Experiments.ALL.stream().map(Description::of).toList());
	}

	@PostMapping(path = "/runs", consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.CREATED)
	Run.View start(@RequestBody Order order) {
		Experiment experiment = Experiments.find(String.valueOf(order.experiment()))
			.orElseThrow(() -> new IllegalArgumentException("There is no experiment '" + order.experiment()
					+ "'. Use one of " + Experiments.ALL.stream().map(Experiment::id).toList() + "."));
		return this.lab.start(experiment, (order.properties() != null) ? order.properties() : Map.of()).view(0);
	}

	/**
	 * Return the run in progress, or the last one.
	 * @param from number of samples that the caller has already
	 */
	@GetMapping("/runs/current")
	ResponseEntity<Run.View> current(@RequestParam(defaultValue = "0") int from) {
		Run run = this.lab.current();
		return (run != null) ? ResponseEntity.ok(run.view(from)) : ResponseEntity.noContent().build();
	}

	@DeleteMapping("/runs/current")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void cancel() {
		Run run = this.lab.current();
		if (run != null) {
			run.cancel();
		}
	}

	@ExceptionHandler
	ErrorResponse inProgress(RunInProgressException ex) {
		return ErrorResponse.create(ex, HttpStatus.CONFLICT, String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler
	ErrorResponse invalid(IllegalArgumentException ex) {
		return ErrorResponse.create(ex, HttpStatus.BAD_REQUEST, String.valueOf(ex.getMessage()));
	}

	/**
	 * Which experiment to start.
	 *
	 * @param experiment its identifier
	 * @param properties values of properties, or {@code null} for the initial ones
	 */
	record Order(@Nullable String experiment, @Nullable Map<String, String> properties) {
	}

	/**
	 * All experiments.
	 *
	 * @param localPorts local ports of this machine, or {@code null} if it does not tell
	 * @param experiments the experiments
	 */
	record Catalogue(@Nullable Integer localPorts, List<Description> experiments) {
	}

	/**
	 * An experiment as the page shows it.
	 *
	 * @param id the identifier
	 * @param title the title
	 * @param calls what the callers do
	 * @param explanation why the sides differ
	 * @param code the code of a call
	 * @param callCount number of calls
	 * @param limitSeconds maximum time
	 * @param settings properties that can be changed
	 */
	record Description(String id, String title, String calls, String explanation, String code, int callCount,
			double limitSeconds, List<Setting> settings) {

		static Description of(Experiment experiment) {
			return new Description(experiment.id(), experiment.title(), experiment.calls(), experiment.explanation(),
					experiment.exchange().code(), experiment.load().calls(),
					experiment.load().limit().toMillis() / 1000.0, experiment.settings());
		}

	}

}
