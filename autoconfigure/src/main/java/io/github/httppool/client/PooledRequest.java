package io.github.httppool.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.httppool.CallTimeout;
import io.github.httppool.hc5.HttpClientPool;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.io.entity.NullEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.Assert;
import org.springframework.util.CollectionUtils;
import org.springframework.util.FastByteArrayOutputStream;
import org.springframework.util.LinkedCaseInsensitiveMap;
import org.springframework.util.MultiValueMap;

/**
 * Replaces Spring's own request for HttpClient. It honours the {@link CallTimeout}
 * attribute and creates its parts on demand. Spring does not pass request attributes on
 * to HttpClient.
 */
final class PooledRequest implements ClientHttpRequest, StreamingHttpOutputMessage {

	private final HttpClient client;

	private final @Nullable HttpHost target;

	private final ClassicHttpRequest request;

	private final HttpContext context;

	/**
	 * The map behind {@link #headers}.
	 */
	private @Nullable MultiValueMap<String, String> fields;

	private @Nullable HttpHeaders headers;

	private @Nullable Map<String, Object> attributes;

	private @Nullable Body body;

	private @Nullable FastByteArrayOutputStream written;

	private boolean executed;

	/**
	 * Create a request.
	 * @param client the client that executes the request
	 * @param target the target host, or {@code null} to derive it from the request
	 * @param request the HttpClient request
	 * @param context the context of the execution
	 */
	PooledRequest(HttpClient client, @Nullable HttpHost target, ClassicHttpRequest request, HttpContext context) {
		this.client = client;
		this.target = target;
		this.request = request;
		this.context = context;
	}

	@Override
	public HttpMethod getMethod() {
		return HttpMethod.valueOf(this.request.getMethod());
	}

	@Override
	public URI getURI() {
		try {
			return this.request.getUri();
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex.getMessage(), ex);
		}
	}

	@Override
	public Map<String, Object> getAttributes() {
		Map<String, Object> attributes = this.attributes;
		if (attributes == null) {
			attributes = new LinkedHashMap<>();
			this.attributes = attributes;
		}
		return attributes;
	}

	@Override
	public HttpHeaders getHeaders() {
		HttpHeaders headers = this.headers;
		if (headers == null) {
			this.fields = CollectionUtils.toMultiValueMap(new LinkedCaseInsensitiveMap<>(8, Locale.ROOT));
			headers = new HttpHeaders(this.fields);
			this.headers = this.executed ? HttpHeaders.readOnlyHttpHeaders(headers) : headers;
		}
		return this.headers;
	}

	@Override
	public OutputStream getBody() {
		requireNotExecuted();
		Assert.state(this.body == null, "The body was set already, with setBody");
		FastByteArrayOutputStream written = this.written;
		if (written == null) {
			written = new FastByteArrayOutputStream(1024);
			this.written = written;
		}
		return written;
	}

	@Override
	public void setBody(Body body) {
		Assert.notNull(body, "'body' must not be null");
		requireNotExecuted();
		Assert.state(this.written == null, "The body is being written already, with getBody");
		this.body = body;
	}

	private void requireNotExecuted() {
		Assert.state(!this.executed, "The request was executed already");
	}

	@Override
	public ClientHttpResponse execute() throws IOException {
		requireNotExecuted();
		Object timeout = (this.attributes != null) ? this.attributes.get(CallTimeout.ATTRIBUTE) : null;
		ClientHttpResponse response = (timeout != null) ? executeWithin(CallTimeout.of(timeout, null)) : exchange();
		this.executed = true;
		if (this.headers != null) {
			this.headers = HttpHeaders.readOnlyHttpHeaders(this.headers);
		}
		return response;
	}

	private ClientHttpResponse executeWithin(@Nullable Duration limit) throws IOException {
		try (Closeable scope = HttpClientPool.withCallTimeout((limit != null) ? limit : Duration.ZERO)) {
			return exchange();
		}
	}

	private ClientHttpResponse exchange() throws IOException {
		if (this.fields != null) {
			this.fields.forEach(this::addHeader);
		}
		FastByteArrayOutputStream written = this.written;
		if (written != null) {
			this.body = written::writeTo;
		}
		if (this.body != null) {
			this.request.setEntity(new RequestEntity(getHeaders(), this.body));
		}
		else if (!Method.isSafe(this.request.getMethod())) {
			this.request.setEntity(NullEntity.INSTANCE);
		}
		return new PooledResponse(this.client.executeOpen(this.target, this.request, this.context));
	}

	private void addHeader(String name, List<String> values) {
		if (HttpHeaders.COOKIE.equalsIgnoreCase(name)) {
			// RFC 6265 section 5.4 requires a single Cookie header.
			this.request.addHeader(name, String.join("; ", values));
		}
		else if (!HttpHeaders.CONTENT_LENGTH.equalsIgnoreCase(name)
				&& !HttpHeaders.TRANSFER_ENCODING.equalsIgnoreCase(name)) {
			for (String value : values) {
				this.request.addHeader(name, value);
			}
		}
	}

}
