package io.github.httppool.runbook;

import java.io.IOException;

import io.github.httppool.testing.SampledPool;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;

/**
 * Code of an application with a mistake.
 */
final class Shop {

	private Shop() {
	}

	/**
	 * Ask whether an export is there, and forget to close the response.
	 */
	@SuppressWarnings("resource")
	static CloseableHttpResponse isExported(SampledPool client, String url) throws IOException {
		return client.open(url + "/exports/7");
	}

}
