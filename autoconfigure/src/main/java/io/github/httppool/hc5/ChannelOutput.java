package io.github.httppool.hc5;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes to a channel, and fails as a socket's own stream does.
 */
final class ChannelOutput extends FilterOutputStream {

	ChannelOutput(OutputStream out) {
		super(out);
	}

	@Override
	public void write(int next) throws IOException {
		write(new byte[] { (byte) next }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		try {
			this.out.write(bytes, offset, length);
		}
		catch (IOException ex) {
			throw SocketFailure.of(ex);
		}
	}

}
