package io.github.httppool.hc5.exec;

import java.util.Iterator;
import java.util.function.BooleanSupplier;

import io.github.httppool.hc5.pool.ConnectionBoundAuth;
import io.github.httppool.hc5.pool.Lease;
import org.apache.hc.client5.http.UserTokenHandler;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.MessageHeaders;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * HttpClient's decision whether a response lets its connection be reused, told to the
 * lease: a body whose connection is lost anyway is not drained. A login that holds for
 * the connection needs it for the rest of the call, and nobody may have it afterwards.
 */
public final class ReuseStrategy extends DefaultClientConnectionReuseStrategy {

	private final BooleanSupplier keepAlive;

	/** The caller's own, or {@code null}. */
	private final @Nullable ConnectionReuseStrategy own;

	/** The caller's own, or {@code null}. */
	private final @Nullable UserTokenHandler userTokens;

	public ReuseStrategy(BooleanSupplier keepAlive) {
		this(keepAlive, null, null);
	}

	public ReuseStrategy(BooleanSupplier keepAlive, @Nullable ConnectionReuseStrategy own,
			@Nullable UserTokenHandler userTokens) {
		this.keepAlive = keepAlive;
		this.own = own;
		this.userTokens = userTokens;
	}

	@Override
	public boolean keepAlive(HttpRequest request, HttpResponse response, HttpContext context) {
		HttpClientContext clientContext = HttpClientContext.cast(context);
		// An interceptor of the user's may have put something else there.
		Lease lease = (clientContext.getUserToken() instanceof Lease held) ? held : null;
		if (lease != null && lease.exchange.hasFailed()) {
			return false;
		}
		boolean keep = this.keepAlive.getAsBoolean()
				&& ((this.own != null) ? this.own.keepAlive(request, response, context)
						: isUsual(request, response) || mayKeep(request, response, context));
		if (lease != null) {
			if (!keep) {
				lease.exchange.serverCloses();
				if (isOurWish(request, response, context)) {
					lease.route.traffic.callerCloses.increment();
				}
			}
			else if (ConnectionBoundAuth.isIn(clientContext)) {
				lease.logsIn();
			}
			if (this.userTokens != null && lease.userToken() == null) {
				lease.takeUserToken(this.userTokens.getUserToken(lease.route.httpRoute, request, context));
			}
		}
		return keep;
	}

	/**
	 * Returns whether the server would have kept the connection: a setting of this side,
	 * the request or the caller's own strategy asked for the close.
	 */
	private boolean isOurWish(HttpRequest request, HttpResponse response, HttpContext context) {
		return !this.keepAlive.getAsBoolean() || closes(request)
				|| (this.own != null && mayKeep(request, response, context));
	}

	private boolean mayKeep(HttpRequest request, HttpResponse response, HttpContext context) {
		return super.keepAlive(request, response, context) && !closesAsHttp10(response);
	}

	/**
	 * Return whether it is an exchange as nearly all are. HttpCore takes each field apart
	 * for the same answer.
	 */
	private static boolean isUsual(HttpRequest request, HttpResponse response) {
		return response.getCode() == HttpStatus.SC_OK && response.getVersion().greaterEquals(HttpVersion.HTTP_1_1)
				&& keeps(request) && keeps(response) && !response.containsHeader("Proxy-Connection")
				&& !request.containsHeader(HttpHeaders.TRANSFER_ENCODING)
				&& (response.containsHeader(HttpHeaders.TRANSFER_ENCODING)
						|| response.countHeaders(HttpHeaders.CONTENT_LENGTH) == 1);
	}

	/**
	 * Return whether nothing but {@code keep-alive}, if anything, is said of the
	 * connection.
	 */
	private static boolean keeps(MessageHeaders message) {
		Header first = message.getFirstHeader(HttpHeaders.CONNECTION);
		return first == null || (HeaderElements.KEEP_ALIVE.equalsIgnoreCase(first.getValue())
				&& first == message.getLastHeader(HttpHeaders.CONNECTION));
	}

	/**
	 * In HTTP/1.0 {@code keep-alive} wins over {@code close} in HttpCore, but not in RFC
	 * 9112 section 9.3: the server closes.
	 */
	private static boolean closesAsHttp10(HttpResponse response) {
		return response.getVersion().lessEquals(HttpVersion.HTTP_1_0) && closes(response);
	}

	private static boolean closes(MessageHeaders message) {
		Iterator<String> options = MessageSupport.iterateTokens(message, HttpHeaders.CONNECTION);
		while (options.hasNext()) {
			if (HeaderElements.CLOSE.equalsIgnoreCase(options.next())) {
				return true;
			}
		}
		return false;
	}

}
