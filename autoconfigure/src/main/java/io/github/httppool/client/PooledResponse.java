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
 * A response in the way of Spring's own for HttpClient, whose status, headers and body
 * are made once, and so that Spring reads them without further objects.
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
				// A decoded body is not what the server's headers speak of.
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
			// A customizer of HttpClient has made it so, for several to read it.
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
				// Drains it, within bounds, so that the connection can be kept.
				EntityUtils.consume(this.response.getEntity());
			}
		}
		catch (IOException ex) {
			// Nobody asks any more.
		}
	}

}
