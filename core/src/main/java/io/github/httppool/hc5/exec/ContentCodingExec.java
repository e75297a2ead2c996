package io.github.httppool.hc5.exec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.message.ParserCursor;

/**
 * Prepares encoded bodies for HttpClient's decoding, the next element towards the caller.
 * Bodies with an unknown coding pass unchanged; HttpClient alone fails on them. Other
 * bodies get streams that decoders can rely on, see {@link DecodingStream}.
 */
public final class ContentCodingExec implements ExecChainHandler {

	private final ContentCodings codings;

	private ContentCodingExec(ContentCodings codings) {
		this.codings = codings;
	}

	/**
	 * Adds this element to a client that decodes; has no effect on others.
	 */
	public static void addTo(HttpClientBuilder client) {
		client.addExecInterceptorAfter(ChainElement.COMPRESS.name(), "http-pool-content-coding",
				new ContentCodingExec(ContentCodings.of(client)));
	}

	@Override
	public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
			throws IOException, HttpException {
		ClassicHttpResponse response = chain.proceed(request, scope);
		HttpEntity entity = response.getEntity();
		if (entity == null || entity.getContentEncoding() == null || !entity.isStreaming()
				|| !scope.clientContext.getRequestConfigOrDefault().isContentCompressionEnabled()) {
			return response;
		}
		String encoding = encoding(response, entity.getContentEncoding());
		List<String> tokens = tokens(encoding);
		if (!this.codings.decodeAll(tokens)) {
			response.setEntity(new UndecodedEntity(entity));
			return response;
		}
		if (tokens.isEmpty()) {
			return response;
		}
		BodyDecoding decoding = new BodyDecoding(tokens.size());
		response.setEntity(DecodingEntity.encoded(entity, decoding, encoding));
		return DecodedResponse.of(response, (body) -> DecodingEntity.decoded(body, decoding));
	}

	/**
	 * Returns the codings of all fields. Repeated fields form one list (RFC 9110, 5.3),
	 * but an entity knows only the first field.
	 */
	private static String encoding(ClassicHttpResponse response, String first) {
		Iterator<Header> fields = response.headerIterator(HttpHeaders.CONTENT_ENCODING);
		List<String> values = new ArrayList<>();
		while (fields.hasNext()) {
			values.add(fields.next().getValue());
		}
		return values.isEmpty() ? first : String.join(", ", values);
	}

	private static List<String> tokens(String encoding) {
		List<String> tokens = new ArrayList<>();
		MessageSupport.parseTokens(encoding, new ParserCursor(0, encoding.length()), (token) -> {
			String coding = token.toLowerCase(Locale.ROOT);
			if (!coding.isEmpty() && !coding.equals("identity")) {
				tokens.add(coding);
			}
		});
		return tokens;
	}

}
