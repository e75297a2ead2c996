package io.github.httppool.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.BiFunction;

import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.core5.http.protocol.HttpContext;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;

/**
 * The factory that Spring Boot's builder and its customizers made, with requests that
 * know of a {@link io.github.httppool.CallTimeout CallTimeout}.
 */
final class PooledRequestFactory extends HttpComponentsClientHttpRequestFactory {

	private final HttpComponentsClientHttpRequestFactory delegate;

	PooledRequestFactory(HttpComponentsClientHttpRequestFactory delegate) {
		super(delegate.getHttpClient());
		this.delegate = delegate;
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod httpMethod) throws IOException {
		return new PooledRequest(this.delegate.createRequest(uri, httpMethod));
	}

	// Whoever customizes this one means the one that makes the requests

	@Override
	public HttpClient getHttpClient() {
		return this.delegate.getHttpClient();
	}

	@Override
	public void setHttpClient(HttpClient httpClient) {
		this.delegate.setHttpClient(httpClient);
	}

	@Override
	public void setHttpContextFactory(BiFunction<HttpMethod, URI, HttpContext> httpContextFactory) {
		this.delegate.setHttpContextFactory(httpContextFactory);
	}

	@Override
	public void setConnectionRequestTimeout(int connectionRequestTimeout) {
		this.delegate.setConnectionRequestTimeout(connectionRequestTimeout);
	}

	@Override
	public void setConnectionRequestTimeout(Duration connectionRequestTimeout) {
		this.delegate.setConnectionRequestTimeout(connectionRequestTimeout);
	}

	@Override
	public void setReadTimeout(int readTimeout) {
		this.delegate.setReadTimeout(readTimeout);
	}

	@Override
	public void setReadTimeout(Duration readTimeout) {
		this.delegate.setReadTimeout(readTimeout);
	}

	@Override
	public void destroy() throws Exception {
		this.delegate.destroy();
	}

}
