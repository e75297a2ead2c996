package io.github.httppool.apptests.guide;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/**
 * Calls a service over a pool of its own.
 */
@Component
class PaymentClient {

	private final RestClient client;

	PaymentClient(@Qualifier("payments") RestClient client) {
		this.client = client;
	}

	Payment find(int id) {
		return this.client.get().uri("/payments/{id}", id).retrieve().body(Payment.class);
	}

}
