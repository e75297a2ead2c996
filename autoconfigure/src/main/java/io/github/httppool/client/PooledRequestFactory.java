package io.github.httppool.client;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import io.github.httppool.findings.MessageLines;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.util.ReflectionUtils;

/**
 * A drop-in replacement for Spring's factory whose requests honour a
 * {@link io.github.httppool.CallTimeout CallTimeout} and allocate fewer objects.
 */
public final class PooledRequestFactory extends HttpComponentsClientHttpRequestFactory {

	private static final Logger log = LoggerFactory.getLogger(PooledRequestFactory.class);

	// Fields of Spring's factory, which has no getters

	private static final String CONTEXT = "httpContextFactory";

	private static final String ACQUIRE_TIMEOUT = "connectionRequestTimeout";

	private static final String READ_TIMEOUT = "readTimeout";

	public static final List<String> FIELDS = List.of(CONTEXT, ACQUIRE_TIMEOUT, READ_TIMEOUT);

	/**
	 * TRACE is missing, because HttpClient's request class for it rejects a body.
	 */
	private static final Set<HttpMethod> ORDINARY = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST,
			HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE, HttpMethod.OPTIONS);

	/**
	 * Cached because most factories call a single server.
	 */
	private volatile @Nullable RequestTarget lastOrigin;

	/** Creates the client on the first request. */
	private final Supplier<HttpClient> client;

	private boolean ofSharedPool;

	public PooledRequestFactory(HttpClient httpClient) {
		this(() -> httpClient);
	}

	/**
	 * Create a factory.
	 * @param client creates its client on the first request
	 */
	@SuppressWarnings("NullAway")
	public PooledRequestFactory(Supplier<HttpClient> client) {
		super((HttpClient) null);
		this.client = client;
	}

	/**
	 * Return whether this is the default factory of all clients.
	 */
	public boolean isOfSharedPool() {
		return this.ofSharedPool;
	}

	public void setOfSharedPool(boolean ofSharedPool) {
		this.ofSharedPool = ofSharedPool;
	}

	@Override
	public HttpClient getHttpClient() {
		HttpClient client = super.getHttpClient();
		return (client != null) ? client : makeHttpClient();
	}

	private synchronized HttpClient makeHttpClient() {
		if (super.getHttpClient() == null) {
			setHttpClient(this.client.get());
		}
		return super.getHttpClient();
	}

	@Override
	public void destroy() throws Exception {
		if (super.getHttpClient() != null) {
			super.destroy();
		}
	}

	/**
	 * Create a factory with the configuration of another one. The customizers of Spring
	 * Boot's builder only accept Spring's own type.
	 * @return the factory, or the other one if its configuration cannot be read
	 */
	@SuppressWarnings("unchecked")
	public static HttpComponentsClientHttpRequestFactory like(HttpComponentsClientHttpRequestFactory customized) {
		for (String name : FIELDS) {
			if (field(name) == null) {
				log.warn(MessageLines
					.of(("The call timeout of a single request has no effect with this version of Spring. "
							+ "%s has no '%s'; set http-pool.call-timeout")
						.formatted(HttpComponentsClientHttpRequestFactory.class.getName(), name)));
				return customized;
			}
		}
		PooledRequestFactory factory = new PooledRequestFactory(customized.getHttpClient());
		Object context = read(customized, CONTEXT);
		if (context != null) {
			factory.setHttpContextFactory((BiFunction<HttpMethod, URI, HttpContext>) context);
		}
		if (read(customized, ACQUIRE_TIMEOUT) instanceof Long millis && millis >= 0) {
			factory.setConnectionRequestTimeout(Duration.ofMillis(millis));
		}
		if (read(customized, READ_TIMEOUT) instanceof Long millis && millis >= 0) {
			factory.setReadTimeout(Duration.ofMillis(millis));
		}
		return factory;
	}

	private static @Nullable Object read(HttpComponentsClientHttpRequestFactory factory, String name) {
		Field field = field(name);
		if (field == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, factory);
	}

	private static @Nullable Field field(String name) {
		return ReflectionUtils.findField(HttpComponentsClientHttpRequestFactory.class, name);
	}

	@Override
	public ClientHttpRequest createRequest(URI uri, HttpMethod httpMethod) throws IOException {
		HttpClient client = getHttpClient();
		HttpContext context = createHttpContext(httpMethod, uri);
		if (context == null) {
			context = new RequestContext();
		}
		if (!hasRequestConfig(context)) {
			configure(context, createRequestConfig(client));
		}
		RequestTarget last = this.lastOrigin;
		RequestTarget origin = ORDINARY.contains(httpMethod) ? RequestTarget.of(uri, last) : null;
		if (origin == null) {
			return new PooledRequest(client, null, createHttpUriRequest(httpMethod, uri), context);
		}
		if (origin != last) {
			// Write the field only if it changes. All callers read it, and a write in
			// each call would invalidate their CPU caches.
			this.lastOrigin = origin;
		}
		return new PooledRequest(client, origin.target(), origin.request(httpMethod.name(), uri), context);
	}

	@SuppressWarnings("deprecation")
	private static boolean hasRequestConfig(HttpContext context) {
		if (context instanceof HttpClientContext clientContext) {
			RequestConfig config = clientContext.getRequestConfig();
			return config != null && !config.equals(RequestConfig.DEFAULT);
		}
		return context.getAttribute(HttpClientContext.REQUEST_CONFIG) != null;
	}

	@SuppressWarnings("deprecation")
	private static void configure(HttpContext context, @Nullable RequestConfig config) {
		if (config == null) {
			return;
		}
		if (context instanceof HttpClientContext clientContext) {
			clientContext.setRequestConfig(config);
		}
		if (!(context instanceof RequestContext)) {
			context.setAttribute(HttpClientContext.REQUEST_CONFIG, config);
		}
	}

	/**
	 * Exposes the request configuration as the attribute that Spring sets, without
	 * allocating a map.
	 */
	private static final class RequestContext extends HttpClientContext {

		@Override
		@SuppressWarnings("deprecation")
		public @Nullable Object getAttribute(String id) {
			Object value = super.getAttribute(id);
			return (value == null && REQUEST_CONFIG.equals(id)) ? getRequestConfig() : value;
		}

	}

}
