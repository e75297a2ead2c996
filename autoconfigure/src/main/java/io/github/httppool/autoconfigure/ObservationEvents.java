package io.github.httppool.autoconfigure;

import io.github.httppool.CallObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.Observation.Event;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.observation.ClientRequestObservationContext;

/**
 * Adds the events of a call to the observation that Spring's client made for it.
 * <p>
 * Spring closes the scope of an observation before it closes the response. RestTemplate
 * stops the observation afterwards, RestClient before. After the end of its span, Brave
 * may already be sending it, and OpenTelemetry ignores events. A late event is therefore
 * added to the surrounding observation, which belongs to the same trace.
 */
final class ObservationEvents implements CallObserver {

	/**
	 * Needs no handler, because all registries share the current scope of a thread.
	 */
	private final ObservationRegistry scopes = ObservationRegistry.create();

	private ObservationEvents() {
	}

	/**
	 * Return an observer, or one that does nothing if Micrometer is absent.
	 */
	static CallObserver ifAvailable() {
		try {
			return new ObservationEvents();
		}
		catch (LinkageError ex) {
			return CallObserver.NONE;
		}
	}

	@Override
	public @Nullable Object current() {
		Observation observation = this.scopes.getCurrentObservation();
		// An interceptor may have started its own observation within that of the call.
		while (observation != null && !(observation.getContext() instanceof ClientRequestObservationContext)) {
			observation = parent(observation);
		}
		return observation;
	}

	@Override
	public void event(Object observation, String name, String text) {
		Observation running = running((Observation) observation);
		if (running != null) {
			running.event(Event.of(name, text));
		}
	}

	/**
	 * Return the observation of a call, or the surrounding one if the call's observation
	 * has stopped. Returns {@code null} if there is none, or if another thread closes the
	 * response.
	 */
	private @Nullable Observation running(Observation call) {
		Observation current = this.scopes.getCurrentObservation();
		for (Observation open = current; open != null; open = parent(open)) {
			if (open == call) {
				return call;
			}
		}
		if (current != parent(call)) {
			return null;
		}
		// An observation gets its contextual name when it stops.
		return (call.getContext().getContextualName() == null) ? call : current;
	}

	private static @Nullable Observation parent(Observation observation) {
		return (observation.getContext().getParentObservation() instanceof Observation parent) ? parent : null;
	}

}
