package io.github.httppool.actuate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.MimeType;

/**
 * The files of the page. Clients cannot request other files, regardless of the name in
 * the query.
 */
enum PageResource {

	/** The page itself: the same for all pools, filled in by its scripts. */
	INDEX("index.html", "text/html"),

	/** The styles. */
	STYLES("page.css", "text/css"),

	/** The icon of the browser's tab. */
	ICON("icon.svg", "image/svg+xml"),

	/** Starts the page. */
	MAIN("main.js"),

	/** Requests new data periodically. */
	POLL("poll.js"),

	/** Creates and updates elements. */
	DOM("dom.js"),

	/** Formats numbers, times and names. */
	FORMAT("format.js"),

	/** Draws a chart. */
	CHART("chart.js"),

	/** Shows the findings. */
	FINDINGS("findings.js"),

	/** Shows a pool: its bar, its numbers and its charts. */
	POOL("pool.js"),

	/** Shows a sortable table. */
	TABLE("table.js"),

	/** Shows the events. */
	EVENTS("events.js");

	private final String file;

	private final MimeType type;

	private byte @Nullable [] content;

	PageResource(String script) {
		this(script, "text/javascript");
	}

	PageResource(String file, String type) {
		this.file = file;
		this.type = MimeType.valueOf(type + ";charset=UTF-8");
	}

	static @Nullable WebEndpointResponse<byte[]> find(String file) {
		return Stream.of(values())
			.filter((resource) -> resource.file.equals(file))
			.findFirst()
			.map((resource) -> resource.response(WebEndpointResponse.STATUS_OK))
			.orElse(null);
	}

	WebEndpointResponse<byte[]> response(int status) {
		return new WebEndpointResponse<>(content(), status, this.type);
	}

	private synchronized byte[] content() {
		byte[] content = this.content;
		if (content == null) {
			try {
				content = new ClassPathResource("page/" + this.file, PageResource.class).getContentAsByteArray();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.content = content;
		}
		return content;
	}

}
