package io.github.httppool.hc5;

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
 * Switches cookies off unless a caller sets a cookie store: callers share a client, and
 * would send each other's cookies. HttpClient's cookie management stays in place for a
 * caller's store, and does nothing without one.
 */
public final class CookieDefaults {

	private static final CookieStore NO_STORE = new NoStore();

	/**
	 * HttpClient's own cookie specs would parse a list of thousands of domains.
	 */
	private static final Lookup<CookieSpecFactory> SPECS = (name) -> Specs.INSTANCE.lookup(name);

	private CookieDefaults() {
	}

	static void addTo(HttpClientBuilder client) {
		client.setDefaultCookieStore(NO_STORE);
		client.setDefaultCookieSpecRegistry(SPECS);
	}

	/**
	 * Remove the cookie specs if there is no cookie store: HttpClient then does nothing.
	 * The store stays, because interceptors may read it.
	 */
	public static void apply(HttpClientContext context) {
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
