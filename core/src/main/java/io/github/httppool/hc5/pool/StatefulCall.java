package io.github.httppool.hc5.pool;

import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A call whose caller has set a user token in its context: the pool does not lease it a
 * connection that was used with another token.
 *
 * @param call the call from the context, without the token
 * @param userToken the token
 */
public record StatefulCall(Object call, Object userToken) {

	/**
	 * Return the object to store in the context for a call.
	 */
	public static Object of(Object call, @Nullable Object userToken) {
		return (userToken != null) ? new StatefulCall(call, userToken) : call;
	}

	/**
	 * Return the call from an object in the context.
	 */
	static @Nullable Object call(@Nullable Object known) {
		return (known instanceof StatefulCall stateful) ? stateful.call : known;
	}

	/**
	 * Return the token of a caller, or {@code null} if it has none: the pool stores its
	 * own call in the same place.
	 */
	public static @Nullable Object userToken(@Nullable Object known) {
		if (known instanceof StatefulCall stateful) {
			return stateful.userToken;
		}
		if (known instanceof Lease lease) {
			return lease.userToken();
		}
		return isOfTheCaller(known) ? known : null;
	}

	/**
	 * Leave the caller's token in the context, as HttpClient does.
	 * @param before the value before the call
	 */
	public static void restore(HttpClientContext context, @Nullable Object before) {
		Object known = context.getUserToken();
		if (!isOfTheCaller(known)) {
			context.setUserToken((known instanceof Lease) ? userToken(known) : before);
		}
	}

	private static boolean isOfTheCaller(@Nullable Object known) {
		return known != null && !(known instanceof Lease) && !(known instanceof StatefulCall)
				&& !(known instanceof Call) && !(known instanceof CallDeadline) && !(known instanceof HttpRequest);
	}

}
