package io.github.httppool.hc5;

import java.io.IOException;

import org.apache.hc.client5.http.entity.compress.DecompressingEntity;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.message.HttpResponseWrapper;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;

/**
 * A response that limits what decoders make of its body. HttpClient sets one decoder
 * after the other, each for what the one before it made; all of them are limited, because
 * a small body can become one without an end in the middle, and nothing in the end.
 */
final class LimitedResponse extends HttpResponseWrapper implements ClassicHttpResponse {

	private final ClassicHttpResponse response;

	private final ReadLimit limit;

	private LimitedResponse(ClassicHttpResponse response, ReadLimit limit) {
		super(response);
		this.response = response;
		this.limit = limit;
	}

	/**
	 * Limit what a body becomes.
	 * @return a response of HttpClient's own kind, which can also be closed without
	 * draining
	 */
	static ClassicHttpResponse of(ClassicHttpResponse response, ReadLimit limit) {
		return CloseableHttpResponse.create(new LimitedResponse(response, limit), (limited, mode) -> {
			if (mode == CloseMode.IMMEDIATE && response instanceof ModalCloseable modal) {
				modal.close(mode);
			}
			else {
				limited.close();
			}
		});
	}

	@Override
	public HttpEntity getEntity() {
		return this.response.getEntity();
	}

	@Override
	public void setEntity(HttpEntity entity) {
		boolean decoded = entity instanceof DecompressingEntity;
		this.response.setEntity(decoded ? new LimitedEntity(entity, this.limit, true) : entity);
	}

	@Override
	public void close() throws IOException {
		this.response.close();
	}

}
