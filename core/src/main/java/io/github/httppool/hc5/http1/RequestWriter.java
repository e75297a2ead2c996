package io.github.httppool.hc5.http1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.FormattedHeader;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.HttpMessageWriter;
import org.apache.hc.core5.http.io.HttpMessageWriterFactory;
import org.apache.hc.core5.http.io.SessionOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the request heads of one connection. HttpCore's writer converts each line to
 * characters and those to bytes. This one writes bytes directly, and reuses the bytes of
 * fields that are the same as in the previous request.
 */
final class RequestWriter
		implements HttpMessageWriter<ClassicHttpRequest>, HttpMessageWriterFactory<ClassicHttpRequest> {

	private static final String VERSION = " HTTP/1.1";

	/** Maximum number of fields that are compared with the previous request. */
	private static final int MAX_REPEATED = 32;

	private static final int INITIAL_SIZE = 512;

	private static final int MAX_KEPT = 8 * 1024;

	/** The fields of the request, followed by its first line, which usually changes. */
	private byte[] bytes = new byte[INITIAL_SIZE];

	private int count;

	/** Name and value of each field in {@link #bytes}, and the index of its end. */
	private final @Nullable String[] names = new String[MAX_REPEATED];

	private final @Nullable String[] values = new String[MAX_REPEATED];

	private final int[] ends = new int[MAX_REPEATED];

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
		// A request to a proxy has the host in its target.
		put(target.startsWith("/") ? target : withoutZone(target), '?');
		put(VERSION, '?');
		endLine();
		send(end, this.count, buffer, out);
		send(0, end, buffer, out);
		if (this.bytes.length > MAX_KEPT) {
			this.bytes = new byte[INITIAL_SIZE];
			this.kept = 0;
		}
	}

	private void putFields(Iterator<Header> fields) {
		int before = this.kept;
		int repeated = 0;
		int index = 0;
		this.count = 0;
		// No bytes can be reused if this method fails.
		this.kept = 0;
		while (fields.hasNext()) {
			Header field = fields.next();
			if (repeated == index && index < before && isRepeated(index, field)) {
				repeated++;
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
		this.kept = Math.min(index, MAX_REPEATED);
	}

	private boolean isRepeated(int index, Header field) {
		return !(field instanceof FormattedHeader) && field.getName().equals(this.names[index])
				&& Objects.equals(field.getValue(), this.values[index]);
	}

	private void keep(int index, Header field) {
		if (index < MAX_REPEATED) {
			// A field that contains its formatted line is never compared.
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
			put(HttpHeaders.HOST.equalsIgnoreCase(field.getName()) ? withoutZone(value) : value, ' ');
		}
	}

	/**
	 * Appends text, and replaces the characters that would end a line.
	 * @param forLineBreak the replacement of a line break
	 */
	private void put(CharSequence text, char forLineBreak) {
		int length = text.length();
		byte[] bytes = ensureCapacity(length);
		int count = this.count;
		for (int i = 0; i < length; i++) {
			char next = text.charAt(i);
			bytes[count + i] = (byte) ((next >= ' ' && next <= '~') ? next : replacement(next, forLineBreak));
		}
		this.count = count + length;
	}

	/**
	 * Removes the zone of an IPv6 address in brackets, which is meaningful on this
	 * machine only (RFC 6874 section 4).
	 * @param text a host, a host with its port, or an absolute URI
	 */
	static String withoutZone(String text) {
		int open = text.startsWith("[") ? 0 : text.indexOf("://[");
		int close = (open < 0) ? -1 : text.indexOf(']', open);
		int zone = (close < 0) ? -1 : text.indexOf('%', open);
		return (zone < 0 || zone > close) ? text : text.substring(0, zone) + text.substring(close);
	}

	private static char replacement(char next, char forLineBreak) {
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
		ensureCapacity(1)[this.count++] = (byte) next;
	}

	private byte[] ensureCapacity(int more) {
		if (this.count + more > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(this.count + more, 2 * this.bytes.length));
		}
		return this.bytes;
	}

	/**
	 * Sends bytes in slices: each thread keeps as much memory outside the heap as its
	 * largest write needed.
	 */
	private void send(int from, int to, SessionOutputBuffer buffer, OutputStream out) throws IOException {
		for (int sent = from; sent < to; sent += MAX_KEPT) {
			buffer.write(this.bytes, sent, Math.min(to - sent, MAX_KEPT), out);
		}
	}

}
