package io.github.httppool.hc5.exec;

import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.apache.hc.client5.http.entity.compress.ContentCodecRegistry;
import org.apache.hc.client5.http.entity.compress.ContentCoding;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content codings that a client decodes: those of the builder's decoders, otherwise
 * HttpClient's own.
 *
 * @hidden
 */
public final class ContentCodings {

	/** A field of HttpClient's builder, which has no getter for it. */
	public static final String DECODERS = "contentDecoderMap";

	private static final Logger log = LoggerFactory.getLogger(ContentCodings.class);

	private static final Set<String> BUILT_IN = builtIn();

	private final Set<String> decoded;

	private ContentCodings(Set<String> decoded) {
		this.decoded = decoded;
	}

	/**
	 * Returns the codings that the client of a builder will decode.
	 * @param client the builder of the client
	 * @return the codings
	 */
	static ContentCodings of(HttpClientBuilder client) {
		try {
			Field field = HttpClientBuilder.class.getDeclaredField(DECODERS);
			field.setAccessible(true);
			if (field.get(client) instanceof Map<?, ?> decoders) {
				Set<String> configured = new HashSet<>();
				decoders.keySet().forEach((coding) -> configured.add(coding.toString().toLowerCase(Locale.ROOT)));
				return new ContentCodings(configured);
			}
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			log.warn("Decoders set on HttpClientBuilder are not used: this version of HttpClient has no field '{}'",
					DECODERS, ex);
		}
		return new ContentCodings(BUILT_IN);
	}

	private static Set<String> builtIn() {
		Set<String> tokens = new HashSet<>();
		for (ContentCoding coding : ContentCoding.values()) {
			if (ContentCodecRegistry.decoder(coding) != null) {
				tokens.add(coding.token());
			}
		}
		tokens.add(ContentCoding.X_GZIP.token());
		return tokens;
	}

	/**
	 * Returns whether the client decodes all of the given codings.
	 * @param codings the codings in lower case
	 * @return {@code true} if it decodes all of them
	 */
	boolean decodeAll(List<String> codings) {
		return this.decoded.containsAll(codings);
	}

}
