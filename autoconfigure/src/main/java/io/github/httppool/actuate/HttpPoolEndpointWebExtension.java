package io.github.httppool.actuate;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} that shows the pools as a page to
 * clients that request {@code text/html}. Other clients get the JSON of the
 * {@link HttpPoolEndpoint}.
 * <p>
 * The page requests its parts with a query ({@code ?page=main.js}), which does not change
 * the path. The references therefore stay relative under any base path, context path or
 * proxy, and cannot collide with the name of a pool.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = HttpPoolEndpoint.class)
@RegisterReflectionForBinding(PageDescriptor.class)
public class HttpPoolEndpointWebExtension {

	private static final String HTML = "text/html";

	private static final String DATA = "data";

	private final String instance = UUID.randomUUID().toString();

	private final HttpPoolEndpoint endpoint;

	private final HttpPools pools;

	private final @Nullable String application;

	/**
	 * Create an extension.
	 * @param endpoint the endpoint that creates the JSON
	 * @param pools the pools to show
	 * @param application the name of the application, or {@code null}
	 */
	public HttpPoolEndpointWebExtension(HttpPoolEndpoint endpoint, HttpPools pools, @Nullable String application) {
		this.endpoint = endpoint;
		this.pools = pools;
		this.application = application;
	}

	/**
	 * Show all pools, or return a part of their page.
	 * @param page the part of the page, or {@code null} for the pools
	 * @return the pools by name, the part, or {@code null} if there is no such part
	 */
	@ReadOperation
	public @Nullable Object pools(@Nullable String page) {
		if (page == null) {
			return this.endpoint.pools();
		}
		return DATA.equals(page) ? data(null, this.pools.all()) : PageResource.find(page);
	}

	/**
	 * Show one pool, or return a part of its page.
	 * @param pool its name
	 * @param page the part of the page, or {@code null} for the pool
	 * @return the pool, the part, or {@code null} if there is no such pool or part
	 */
	@ReadOperation
	public @Nullable Object pool(@Selector String pool, @Nullable String page) {
		if (page == null) {
			return this.endpoint.pool(pool);
		}
		return DATA.equals(page) ? this.pools.find(pool).map((found) -> data(pool, List.of(found))).orElse(null)
				: PageResource.find(page);
	}

	/**
	 * Return the page of all pools.
	 * @return the page
	 */
	@ReadOperation(produces = HTML)
	public WebEndpointResponse<byte[]> poolsPage() {
		return PageResource.INDEX.response(WebEndpointResponse.STATUS_OK);
	}

	/**
	 * Return the page of one pool.
	 * @param pool its name
	 * @return the page; with status 404 and a message if there is no such pool
	 */
	@ReadOperation(produces = HTML)
	public WebEndpointResponse<byte[]> poolPage(@Selector String pool) {
		Optional<HttpPool> found = this.pools.find(pool);
		return PageResource.INDEX
			.response(found.isPresent() ? WebEndpointResponse.STATUS_OK : WebEndpointResponse.STATUS_NOT_FOUND);
	}

	private PageDescriptor data(@Nullable String pool, List<HttpPool> pools) {
		return PageDescriptor.of(this.instance, this.application, pool, pools);
	}

}
