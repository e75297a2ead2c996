package io.github.httppool.hc5.exec;

import java.util.Iterator;
import java.util.function.BooleanSupplier;

import io.github.httppool.hc5.pool.Call;
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
 * Decides as HttpClient does whether a connection can be reused after a response. Also
 * passes the decision to the lease, because a body is not drained if its connection
 * cannot be reused. A connection with connection-based authentication serves the rest of
 * its call, but no other call.
 */
public final class ReuseStrategy extends DefaultClientConnectionReuseStrategy {

	private final BooleanSupplier keepAlive;

	/** Set by a customizer, or {@code null}. */
	private final @Nullable ConnectionReuseStrategy own;

	/** Set by a customizer, or {@code null}. */
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
		Lease lease = Call.leaseIn(clientContext);
		if (lease != null && lease.exchange.hasFailed()) {
			return false;
		}
		boolean keep = this.keepAlive.getAsBoolean()
				&& ((this.own != null) ? this.own.keepAlive(request, response, context)
						: isPlain(request, response) || mayKeep(request, response, context));
		if (lease != null) {
			if (!keep) {
				lease.exchange.serverCloses();
				if (isOurDecision(request, response, context)) {
					lease.route.traffic.callerCloses.increment();
				}
			}
			else if (ConnectionBoundAuth.isIn(clientContext)) {
				lease.markAuthenticated();
			}
			if (this.userTokens != null && lease.userToken() == null) {
				lease.takeUserToken(this.userTokens.getUserToken(lease.route.httpRoute, request, context));
			}
		}
		return keep;
	}

	/**
	 * Returns whether this side requests the close: a setting of the client, the request,
	 * or the customizer's strategy, if the server would have kept the connection.
	 */
	private boolean isOurDecision(HttpRequest request, HttpResponse response, HttpContext context) {
		return !this.keepAlive.getAsBoolean() || closes(request)
				|| (this.own != null && mayKeep(request, response, context));
	}

	private boolean mayKeep(HttpRequest request, HttpResponse response, HttpContext context) {
		return super.keepAlive(request, response, context) && !closesAsHttp10(response);
	}

	/**
	 * Returns whether the exchange is an ordinary one after which the connection can be
	 * reused. For the same result, HttpCore parses each field.
	 */
	private static boolean isPlain(HttpRequest request, HttpResponse response) {
		return response.getCode() == HttpStatus.SC_OK && response.getVersion().greaterEquals(HttpVersion.HTTP_1_1)
				&& keeps(request) && keeps(response) && !response.containsHeader("Proxy-Connection")
				&& !request.containsHeader(HttpHeaders.TRANSFER_ENCODING)
				&& (response.containsHeader(HttpHeaders.TRANSFER_ENCODING)
						|| response.countHeaders(HttpHeaders.CONTENT_LENGTH) == 1);
	}

	/**
	 * Returns whether the message has no {@code Connection} field, or only
	 * {@code keep-alive}.
	 */
	private static boolean keeps(MessageHeaders message) {
		Header first = message.getFirstHeader(HttpHeaders.CONNECTION);
		return first == null || (HeaderElements.KEEP_ALIVE.equalsIgnoreCase(first.getValue())
				&& first == message.getLastHeader(HttpHeaders.CONNECTION));
	}

	/**
	 * Returns whether an HTTP/1.0 response contains {@code close}. If it also contains
	 * {@code keep-alive}, HttpCore keeps the connection, but the server closes it (RFC
	 * 9112 section 9.3).
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
