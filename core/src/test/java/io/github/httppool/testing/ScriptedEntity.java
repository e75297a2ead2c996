package io.github.httppool.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/**
 * A request body that declares one length and writes what its script says.
 */
public class ScriptedEntity extends AbstractHttpEntity {

	private final long length;

	private final Script script;

	/**
	 * Create a body.
	 * @param length the length that it declares, or -1 for chunks
	 * @param script writes the body
	 */
	public ScriptedEntity(long length, Script script) {
		super(ContentType.APPLICATION_OCTET_STREAM, null, length < 0);
		this.length = length;
		this.script = script;
	}

	@Override
	public void writeTo(OutputStream out) throws IOException {
		this.script.writeTo(out);
	}

	@Override
	public long getContentLength() {
		return this.length;
	}

	@Override
	public boolean isRepeatable() {
		return true;
	}

	@Override
	public InputStream getContent() {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean isStreaming() {
		return false;
	}

	@Override
	public void close() {
	}

	/**
	 * Writes a body.
	 */
	@FunctionalInterface
	public interface Script {

		void writeTo(OutputStream out) throws IOException;

	}

}
