package io.github.httppool.sample;

import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps other sites from using this application through the browser of its user. A
 * request that changes something must come from a page of this application, or from a
 * program that is no browser. Its host must be {@code localhost} or an IP address: any
 * other name may belong to a site that has pointed it here (DNS rebinding).
 */
@Component
class RequestGuard extends OncePerRequestFilter {

	private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

	private static final Pattern LOCAL_HOST = Pattern.compile("localhost|[0-9.]+|\\[[0-9a-fA-F:.]+]");

	private static final String FROM_ANOTHER_SITE = """
			{"status":403,"title":"Forbidden","detail":"Only pages of this application can start or change something. \
			Open it as http://localhost or with its IP address."}""";

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("Referrer-Policy", "no-referrer");
		if (isPage(request)) {
			response.setHeader("Content-Security-Policy",
					"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
							+ "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
			response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
		}
		if (SAFE_METHODS.contains(request.getMethod()) || isFromHere(request)) {
			chain.doFilter(request, response);
			return;
		}
		response.setStatus(HttpStatus.FORBIDDEN.value());
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		response.getWriter().write(FROM_ANOTHER_SITE);
	}

	private static boolean isPage(HttpServletRequest request) {
		String path = request.getRequestURI().substring(request.getContextPath().length());
		return path.equals("/") || path.equals("/index.html") || path.startsWith("/lab/");
	}

	private static boolean isFromHere(HttpServletRequest request) {
		String site = request.getHeader("Sec-Fetch-Site");
		return LOCAL_HOST.matcher(request.getServerName()).matches()
				&& (site == null || site.equals("same-origin") || site.equals("none"))
				&& isSameOrigin(request.getHeader(HttpHeaders.ORIGIN), request);
	}

	private static boolean isSameOrigin(@Nullable String origin, HttpServletRequest request) {
		if (origin == null) {
			return true;
		}
		try {
			URI uri = URI.create(origin);
			return request.getServerName().equalsIgnoreCase(uri.getHost()) && port(uri) == request.getServerPort();
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static int port(URI origin) {
		if (origin.getPort() != -1) {
			return origin.getPort();
		}
		return "https".equals(origin.getScheme()) ? 443 : 80;
	}

}
