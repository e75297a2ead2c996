package io.github.httppool.hc5;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Iterator;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.FormattedHeader;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.io.HttpMessageWriter;
import org.apache.hc.core5.http.io.HttpMessageWriterFactory;
import org.apache.hc.core5.http.io.SessionOutputBuffer;

/**
 * Writes the heads of the requests of one connection. What HttpCore's own writer does,
 * which turns each line into characters and those into bytes; here it is one step.
 */
final class RequestWriter
		implements HttpMessageWriter<ClassicHttpRequest>, HttpMessageWriterFactory<ClassicHttpRequest> {

	private static final int USUAL_SIZE = 512;

	private static final int LARGEST_KEPT = 8 * 1024;

	private byte[] bytes = new byte[USUAL_SIZE];

	private int count;

	@Override
	public HttpMessageWriter<ClassicHttpRequest> create() {
		return this;
	}

	@Override
	public void write(ClassicHttpRequest request, SessionOutputBuffer buffer, OutputStream out) throws IOException {
		this.count = 0;
		put(request.getMethod(), '?');
		put(' ');
		put(request.getRequestUri(), '?');
		put(' ');
		put(HttpVersion.HTTP_1_1.format(), '?');
		endLine();
		for (Iterator<Header> fields = request.headerIterator(); fields.hasNext();) {
			put(fields.next());
			endLine();
		}
		endLine();
		send(buffer, out);
	}

	private void put(Header field) {
		if (field instanceof FormattedHeader formatted) {
			put(formatted.getBuffer(), '?');
			return;
		}
		put(field.getName(), '?');
		put(':');
		put(' ');
		if (field.getValue() != null) {
			put(field.getValue(), ' ');
		}
	}

	/**
	 * Put text, in which nothing ends a line.
	 * @param forLineBreak what takes the place of a line break
	 */
	private void put(CharSequence text, char forLineBreak) {
		int length = text.length();
		byte[] bytes = withRoomFor(length);
		int count = this.count;
		for (int i = 0; i < length; i++) {
			char next = text.charAt(i);
			bytes[count + i] = (byte) ((next >= ' ' && next <= '~') ? next : replaced(next, forLineBreak));
		}
		this.count = count + length;
	}

	private static char replaced(char next, char forLineBreak) {
		if (next == '\t' || (next >= 0xa0 && next <= 0xff)) {
			return next;
		}
		return (next >= '\n' && next <= '\r') ? forLineBreak : '?';
	}

	private void endLine() {
		put('\r');
		put('\n');
	}

	private void put(char next) {
		withRoomFor(1)[this.count++] = (byte) next;
	}

	private byte[] withRoomFor(int more) {
		if (this.count + more > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(this.count + more, 2 * this.bytes.length));
		}
		return this.bytes;
	}

	/**
	 * In slices that the buffer takes: what is larger would be written past it.
	 */
	private void send(SessionOutputBuffer buffer, OutputStream out) throws IOException {
		for (int sent = 0; sent < this.count; sent += LARGEST_KEPT) {
			buffer.write(this.bytes, sent, Math.min(this.count - sent, LARGEST_KEPT), out);
		}
		if (this.bytes.length > LARGEST_KEPT) {
			this.bytes = new byte[USUAL_SIZE];
		}
	}

}
