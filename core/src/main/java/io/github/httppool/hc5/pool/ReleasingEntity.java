package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A response entity that releases its connection when it has been read or is closed.
 * HttpClient's own class for this is not public.
 */
public final class ReleasingEntity extends HttpEntityWrapper {

	private final ExecRuntime lease;

	/**
	 * Created once and shared by all callers.
	 */
	private volatile @Nullable InputStream content;

	private ReleasingEntity(HttpEntity entity, ExecRuntime lease) {
		super(entity);
		this.lease = lease;
	}

	/**
	 * Make the body of a response release the connection. Without a body, the connection
	 * has already been released.
	 */
	public static void enhance(ClassicHttpResponse response, ExecRuntime lease) {
		HttpEntity entity = response.getEntity();
		if (entity != null && entity.isStreaming()) {
			response.setEntity(new ReleasingEntity(entity, lease));
		}
	}

	@Override
	public boolean isRepeatable() {
		return false;
	}

	@Override
	public InputStream getContent() throws IOException {
		InputStream content = this.content;
		if (content == null) {
			content = new ReleasingInputStream(super.getContent(), this.lease);
			this.content = content;
		}
		return content;
	}

	/**
	 * Like HttpClient's own entities, treats a null stream as one that discards all
	 * bytes.
	 */
	@Override
	public void writeTo(@Nullable OutputStream output) throws IOException {
		AbstractHttpEntity.writeTo(this, (output != null) ? output : OutputStream.nullOutputStream());
	}

	@Override
	public Supplier<List<? extends Header>> getTrailers() {
		try {
			return (super.getContent() instanceof ChunkedInputStream chunks) ? () -> List.of(chunks.getFooters())
					: List::of;
		}
		catch (IOException ex) {
			throw new IllegalStateException("The body of the response has no stream", ex);
		}
	}

	@Override
	public void close() throws IOException {
		getContent().close();
	}

}
