package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.util.function.UnaryOperator;

import org.apache.hc.client5.http.entity.compress.DecompressingEntity;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.message.HttpResponseWrapper;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;

/**
 * A response that wraps the output of each decoder of its body. HttpClient chains
 * decoders. Every output is wrapped, because an intermediate body can be endless although
 * the final body is small.
 */
final class DecodedResponse extends HttpResponseWrapper implements ClassicHttpResponse {

	private final ClassicHttpResponse response;

	private final UnaryOperator<HttpEntity> change;

	private DecodedResponse(ClassicHttpResponse response, UnaryOperator<HttpEntity> change) {
		super(response);
		this.response = response;
		this.change = change;
	}

	/**
	 * Wraps each decoded body of a response.
	 * @return a response of HttpClient's own type, which can also be closed without
	 * draining
	 */
	static ClassicHttpResponse of(ClassicHttpResponse response, UnaryOperator<HttpEntity> change) {
		return CloseableHttpResponse.create(new DecodedResponse(response, change), (decoded, mode) -> {
			if (mode == CloseMode.IMMEDIATE && response instanceof ModalCloseable modal) {
				modal.close(mode);
			}
			else {
				decoded.close();
			}
		});
	}

	@Override
	public HttpEntity getEntity() {
		return this.response.getEntity();
	}

	@Override
	public void setEntity(HttpEntity entity) {
		this.response.setEntity(entity);
		if (entity instanceof DecompressingEntity) {
			// Another response of this class, further from the caller, may
			// have wrapped the entity.
			this.response.setEntity(this.change.apply(this.response.getEntity()));
		}
	}

	@Override
	public void close() throws IOException {
		this.response.close();
	}

}
