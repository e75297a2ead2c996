package io.github.httppool.client;

import java.io.IOException;
import java.io.InputStream;

import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Replaces Spring's own response for HttpClient. It creates status, headers and body
 * once, in a form that Spring can read without further allocations.
 */
final class PooledResponse implements ClientHttpResponse {

	private final ClassicHttpResponse response;

	private @Nullable HttpStatusCode status;

	private @Nullable HttpHeaders headers;

	private @Nullable ResponseBody body;

	PooledResponse(ClassicHttpResponse response) {
		this.response = response;
	}

	@Override
	public HttpStatusCode getStatusCode() {
		HttpStatusCode status = this.status;
		if (status == null) {
			status = HttpStatusCode.valueOf(this.response.getCode());
			this.status = status;
		}
		return status;
	}

	@Override
	public String getStatusText() {
		return this.response.getReasonPhrase();
	}

	@Override
	public HttpHeaders getHeaders() {
		HttpHeaders headers = this.headers;
		if (headers == null) {
			HttpEntity entity = this.response.getEntity();
			if (entity != null) {
				// The server's headers do not describe a decoded body.
				if (entity.getContentLength() == -1) {
					removeHeader(HttpHeaders.CONTENT_LENGTH);
				}
				if (entity.getContentEncoding() == null) {
					removeHeader(HttpHeaders.CONTENT_ENCODING);
				}
			}
			headers = HttpHeaders.readOnlyHttpHeaders(new ResponseHeaders(this.response));
			this.headers = headers;
		}
		return headers;
	}

	private void removeHeader(String name) {
		if (this.response.containsHeader(name)) {
			this.response.removeHeaders(name);
		}
	}

	@Override
	public InputStream getBody() throws IOException {
		ResponseBody body = this.body;
		if (body != null) {
			return body;
		}
		HttpEntity entity = this.response.getEntity();
		if (entity == null) {
			return InputStream.nullInputStream();
		}
		if (entity.isRepeatable()) {
			// A customizer of HttpClient has buffered the entity so that it
			// can be read repeatedly.
			return entity.getContent();
		}
		body = new ResponseBody(entity.getContent());
		this.body = body;
		return body;
	}

	@Override
	public void close() {
		try (this.response) {
			if (this.body != null) {
				this.body.close();
			}
			else {
				// Drain the body within bounds, so that the connection can be kept.
				EntityUtils.consume(this.response.getEntity());
			}
		}
		catch (IOException ex) {
			// The response is closed, so the failure is irrelevant.
		}
	}

}
