package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;

import io.github.httppool.hc5.net.HostName;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.FormattedHeader;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.HttpMessageWriter;
import org.apache.hc.core5.http.io.HttpMessageWriterFactory;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the heads of the requests of one connection. What HttpCore's own writer does,
 * which turns each line into characters and those into bytes; here it is one step, and
 * none for the fields that are the same as those of the request before.
 */
public final class RequestWriter
		implements HttpMessageWriter<ClassicHttpRequest>, HttpMessageWriterFactory<ClassicHttpRequest> {

	private static final String VERSION = " HTTP/1.1";

	/** Of the fields of a request, how many are looked at whether they come again. */
	private static final int MOST_AGAIN = 32;

	private static final int USUAL_SIZE = 512;

	private static final int LARGEST_KEPT = 8 * 1024;

	/** The fields of a request, then its first line, which is another one mostly. */
	private byte[] bytes = new byte[USUAL_SIZE];

	private int count;

	/** What the first lines of fields in the bytes were made of, and where each ends. */
	private final @Nullable String[] names = new String[MOST_AGAIN];

	private final @Nullable String[] values = new String[MOST_AGAIN];

	private final int[] ends = new int[MOST_AGAIN];

	private int kept;

	@Override
	public HttpMessageWriter<ClassicHttpRequest> create() {
		return this;
	}

	@Override
	public void write(ClassicHttpRequest request, SessionOutputBuffer buffer, OutputStream out) throws IOException {
		putFields(request.headerIterator());
		int end = this.count;
		put(request.getMethod(), '?');
		put(' ');
		String target = request.getRequestUri();
		// A proxy is told a host.
		put(target.startsWith("/") ? target : HostName.withoutZone(target), '?');
		put(VERSION, '?');
		endLine();
		send(end, this.count, buffer, out);
		send(0, end, buffer, out);
		if (this.bytes.length > LARGEST_KEPT) {
			this.bytes = new byte[USUAL_SIZE];
			this.kept = 0;
		}
	}

	private void putFields(Iterator<Header> fields) {
		int before = this.kept;
		int again = 0;
		int index = 0;
		this.count = 0;
		// Until all are there nothing is.
		this.kept = 0;
		while (fields.hasNext()) {
			Header field = fields.next();
			if (again == index && index < before && isAgain(index, field)) {
				again++;
				this.count = this.ends[index];
			}
			else {
				put(field);
				endLine();
				keep(index, field);
			}
			index++;
		}
		endLine();
		this.kept = Math.min(index, MOST_AGAIN);
	}

	private boolean isAgain(int index, Header field) {
		return !(field instanceof FormattedHeader) && field.getName().equals(this.names[index])
				&& Objects.equals(field.getValue(), this.values[index]);
	}

	private void keep(int index, Header field) {
		if (index < MOST_AGAIN) {
			// A field that comes with its line made is never the same again.
			boolean formatted = field instanceof FormattedHeader;
			this.names[index] = formatted ? null : field.getName();
			this.values[index] = formatted ? null : field.getValue();
			this.ends[index] = this.count;
		}
	}

	private void put(Header field) {
		if (field instanceof FormattedHeader formatted) {
			put(formatted.getBuffer(), '?');
			return;
		}
		put(field.getName(), '?');
		put(':');
		put(' ');
		String value = field.getValue();
		if (value != null) {
			put(HttpHeaders.HOST.equalsIgnoreCase(field.getName()) ? HostName.withoutZone(value) : value, ' ');
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
	 * In slices: the JDK keeps memory outside the heap for as much as a thread has
	 * written at once.
	 */
	private void send(int from, int to, SessionOutputBuffer buffer, OutputStream out) throws IOException {
		for (int sent = from; sent < to; sent += LARGEST_KEPT) {
			buffer.write(this.bytes, sent, Math.min(to - sent, LARGEST_KEPT), out);
		}
	}

}
