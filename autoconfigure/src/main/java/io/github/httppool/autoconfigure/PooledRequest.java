package io.github.httppool.autoconfigure;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

import io.github.httppool.CallTimeout;
import io.github.httppool.hc5.HttpClientPool;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

/**
 * A request of Spring's that executes within the {@link CallTimeout} among its
 * attributes: Spring does not pass these on to HttpClient.
 */
final class PooledRequest implements ClientHttpRequest, StreamingHttpOutputMessage {

	private final ClientHttpRequest delegate;

	PooledRequest(ClientHttpRequest delegate) {
		this.delegate = delegate;
	}

	@Override
	public ClientHttpResponse execute() throws IOException {
		Object timeout = this.delegate.getAttributes().get(CallTimeout.ATTRIBUTE);
		if (timeout == null) {
			return this.delegate.execute();
		}
		Duration limit = CallTimeout.of(timeout, null);
		try (Closeable scope = HttpClientPool.withCallTimeout((limit != null) ? limit : Duration.ZERO)) {
			return this.delegate.execute();
		}
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.delegate.getAttributes();
	}

	@Override
	public HttpMethod getMethod() {
		return this.delegate.getMethod();
	}

	@Override
	public URI getURI() {
		return this.delegate.getURI();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.delegate.getHeaders();
	}

	@Override
	public OutputStream getBody() throws IOException {
		return this.delegate.getBody();
	}

	@Override
	public void setBody(Body body) {
		((StreamingHttpOutputMessage) this.delegate).setBody(body);
	}

}
