package io.github.httppool.hc5.exec;

import java.util.Date;
import java.util.List;

import org.apache.hc.client5.http.cookie.Cookie;
import org.apache.hc.client5.http.cookie.CookieSpecFactory;
import org.apache.hc.client5.http.cookie.CookieStore;
import org.apache.hc.client5.http.impl.CookieSpecSupport;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.config.Lookup;
import org.jspecify.annotations.Nullable;

/**
 * Switches cookies off unless a caller sets a cookie store. Callers share a client, and
 * would otherwise send each other's cookies. HttpClient's cookie management stays in
 * place for callers that set a store, and does nothing for others.
 *
 * @hidden
 */
public final class CookieDefaults {

	private static final CookieStore NO_STORE = new NoStore();

	/**
	 * HttpClient's own cookie specs would parse a list of thousands of domains.
	 */
	private static final Lookup<CookieSpecFactory> SPECS = (name) -> Specs.INSTANCE.lookup(name);

	private CookieDefaults() {
	}

	/**
	 * Switches cookies off for the clients of a builder.
	 */
	public static void addTo(HttpClientBuilder client) {
		client.setDefaultCookieStore(NO_STORE);
		client.setDefaultCookieSpecRegistry(SPECS);
	}

	/**
	 * Removes the cookie specs if there is no cookie store: HttpClient then does nothing.
	 * The store stays, because interceptors may read it.
	 * @param context the context of a request
	 */
	static void apply(HttpClientContext context) {
		if (context.getCookieStore() == NO_STORE && context.getCookieSpecRegistry() == SPECS) {
			context.setCookieSpecRegistry(null);
		}
	}

	private static final class Specs {

		static final Lookup<CookieSpecFactory> INSTANCE = CookieSpecSupport.createDefault();

	}

	private static final class NoStore implements CookieStore {

		@Override
		public void addCookie(@Nullable Cookie cookie) {
		}

		@Override
		public List<Cookie> getCookies() {
			return List.of();
		}

		@Override
		@Deprecated
		public boolean clearExpired(@Nullable Date date) {
			return false;
		}

		@Override
		public void clear() {
		}

	}

}
