package io.github.httppool.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Content codings that HttpClient decodes.
 */
public enum Coding {

	IDENTITY {

		@Override
		OutputStream encoder(OutputStream output) {
			return output;
		}

	},

	GZIP {

		@Override
		OutputStream encoder(OutputStream output) throws IOException {
			return new GZIPOutputStream(output);
		}

	},

	DEFLATE {

		@Override
		OutputStream encoder(OutputStream output) {
			return new DeflaterOutputStream(output);
		}

	},

	/** What some servers send as {@code deflate}. */
	RAW_DEFLATE {

		@Override
		OutputStream encoder(OutputStream output) {
			return new DeflaterOutputStream(output, new Deflater(Deflater.DEFAULT_COMPRESSION, true));
		}

	};

	abstract OutputStream encoder(OutputStream output) throws IOException;

	public String field() {
		return "Content-Encoding: " + switch (this) {
			case IDENTITY -> "identity";
			case GZIP -> "gzip";
			case DEFLATE, RAW_DEFLATE -> "deflate";
		};
	}

	public byte[] encode(byte[] content) {
		return encode(content, 1);
	}

	/**
	 * Encode content that is repeated many times.
	 */
	public byte[] encode(byte[] content, int times) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (OutputStream encoder = encoder(bytes)) {
			for (int i = 0; i < times; i++) {
				encoder.write(content);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return bytes.toByteArray();
	}

}
