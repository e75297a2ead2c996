package io.github.httppool.sample.lab;

import java.util.Queue;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;

/**
 * What a caller does in one call: the same code on both sides.
 */
enum Exchange {

	/** Reads the body. */
	READ("""
			restClient.get().uri("/answer")
			    .retrieve().body(String.class);""") {

		@Override
		void run(ClientApplication application, String uri, int number, Queue<ClientHttpResponse> forgotten) {
			application.client().get().uri(uri + "/answer").retrieve().body(String.class);
		}

	},

	/** Sends something that must not be sent twice. */
	POST("""
			restClient.post().uri("/orders").body(order)
			    .retrieve().toBodilessEntity();""") {

		@Override
		void run(ClientApplication application, String uri, int number, Queue<ClientHttpResponse> forgotten) {
			application.client().post().uri(uri + "/orders").body("order " + number).retrieve().toBodilessEntity();
		}

	},

	/** Looks at the status alone. */
	IGNORE("""
			restClient.get().uri("/answer")
			    .exchange((request, response) ->
			        response.getStatusCode());""") {

		@Override
		void run(ClientApplication application, String uri, int number, Queue<ClientHttpResponse> forgotten) {
			ignore(application.client(), uri + "/answer");
		}

	},

	/** Looks at the status alone; every third body never ends. */
	IGNORE_ENDLESS("""
			restClient.get().uri("/events")
			    .exchange((request, response) ->
			        response.getStatusCode());""") {

		@Override
		void run(ClientApplication application, String uri, int number, Queue<ClientHttpResponse> forgotten) {
			ignore(application.client(), uri + ((number % 3 == 2) ? LabConnection.ENDLESS : "/answer"));
		}

	},

	/** Keeps every twentieth response, and never closes it. */
	FORGET("""
			ClientHttpResponse response = restClient.get()
			    .uri("/answer")
			    .exchange((request, answer) -> answer, false);
			// every twentieth one is never closed""") {

		@Override
		void run(ClientApplication application, String uri, int number, Queue<ClientHttpResponse> forgotten) {
			ClientHttpResponse response = application.client()
				.get()
				.uri(uri + "/answer")
				.exchange((request, answer) -> answer, false);
			if (number % 20 == 19) {
				forgotten.add(response);
			}
			else {
				response.close();
			}
		}

	},

	/** Builds a client of its own, as it gets a builder injected. */
	OWN_CLIENT("""
			RestClient client = builder.build();
			client.get().uri("/answer")
			    .retrieve().body(String.class);""") {

		@Override
		void run(ClientApplication application, String uri, int number, Queue<ClientHttpResponse> forgotten) {
			application.newBuilder().build().get().uri(uri + "/answer").retrieve().body(String.class);
		}

	},

	/** Builds a client of its own, and closes it. */
	OWN_CLOSED_CLIENT("""
			var factory = requestFactoryBuilder.build();
			RestClient.builder().requestFactory(factory).build()
			    .get().uri("/answer").retrieve().body(String.class);
			factory.destroy();""") {

		@Override
		void run(ClientApplication application, String uri, int number, Queue<ClientHttpResponse> forgotten)
				throws Exception {
			ClientHttpRequestFactory factory = application.newRequestFactory();
			try {
				RestClient.builder()
					.requestFactory(factory)
					.build()
					.get()
					.uri(uri + "/answer")
					.retrieve()
					.body(String.class);
			}
			finally {
				if (factory instanceof DisposableBean disposable) {
					disposable.destroy();
				}
			}
		}

	};

	private final String code;

	Exchange(String code) {
		this.code = code;
	}

	/**
	 * Return the code of a call, as an application would write it.
	 */
	String code() {
		return this.code;
	}

	/**
	 * Make one call.
	 * @param application the application that makes it
	 * @param uri the URI of the upstream
	 * @param number number of the call, from 0
	 * @param forgotten where to keep responses that the caller forgets, so that they can
	 * be closed at the end
	 * @throws Exception if the call fails
	 */
	abstract void run(ClientApplication application, String uri, int number, Queue<ClientHttpResponse> forgotten)
			throws Exception;

	private static void ignore(RestClient client, String uri) {
		client.get().uri(uri).exchange((request, response) -> response.getStatusCode());
	}

}
