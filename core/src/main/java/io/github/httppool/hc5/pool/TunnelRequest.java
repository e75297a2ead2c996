package io.github.httppool.hc5.pool;

import java.io.IOException;
import java.time.Duration;

import io.github.httppool.CloseReason;
import io.github.httppool.hc5.net.ScheduledTimeout;
import io.github.httppool.hc5.observe.LeaseView;
import io.github.httppool.hc5.observe.ProxyExplanation;
import org.apache.hc.client5.http.io.ConnectionEndpoint.RequestExecutor;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * The request for a tunnel and the proxy's response. HttpClient passes on a refusal as if
 * it were the server's response, so an attacker on the network could impersonate a server
 * behind TLS. It also reads the body without a time limit.
 */
public final class TunnelRequest {

	private TunnelRequest() {
	}

	public static boolean is(@Nullable HttpRequest request) {
		return request != null && Method.CONNECT.isSame(request.getMethod());
	}

	/**
	 * Request a tunnel. The response timeout limits the whole response of the proxy, not
	 * only the time between bytes.
	 */
	static ClassicHttpResponse execute(PoolContext pool, LeaseView lease, SocketConnection connection,
			ClassicHttpRequest request, RequestExecutor executor, HttpContext context)
			throws IOException, HttpException {
		Duration responseTimeout = lease.responseTimeout();
		Duration limit = (responseTimeout != null) ? responseTimeout : pool.settings().responseTimeout();
		ScheduledTimeout watch = new CloseOnTimeout(System.nanoTime(), limit.toNanos(), connection, CloseReason.ERROR,
				CloseOnTimeout.STEP_GRACE);
		pool.housekeeper().schedule(watch);
		ClassicHttpResponse response;
		try {
			response = executor.execute(request, connection, context);
		}
		catch (IOException ex) {
			throw pool.housekeeper().cancel(watch) ? ex : ProxyExplanation.slow(pool, lease, limit, ex);
		}
		finally {
			pool.housekeeper().cancel(watch);
		}
		if (watch.hasFired()) {
			throw ProxyExplanation.slow(pool, lease, limit, null);
		}
		if (response.getCode() == HttpStatus.SC_PROXY_AUTHENTICATION_REQUIRED) {
			// HttpClient may have credentials for the challenge.
			discardBody(response);
		}
		else if (response.getCode() >= HttpStatus.SC_REDIRECTION) {
			throw ProxyExplanation.connect(pool, lease, response.getCode(), isLoggedIn(request));
		}
		return response;
	}

	private static void discardBody(ClassicHttpResponse response) throws IOException {
		HttpEntity entity = response.getEntity();
		if (entity != null) {
			entity.getContent().close();
			response.setEntity(new ByteArrayEntity(new byte[0], (ContentType) null));
		}
	}

	static boolean isLoggedIn(@Nullable HttpRequest request) {
		return request != null && request.containsHeader(HttpHeaders.PROXY_AUTHORIZATION);
	}

}
