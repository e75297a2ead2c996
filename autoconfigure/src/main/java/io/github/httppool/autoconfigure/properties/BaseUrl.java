package io.github.httppool.autoconfigure.properties;

import java.util.List;

import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Checks the base URL of a client.
 */
final class BaseUrl {

	private BaseUrl() {
	}

	static List<Problem> problems(String setting, @Nullable String url) {
		if (url == null || url.isBlank() || isComplete(url)) {
			return List.of();
		}
		return List.of(new Problem(setting, withoutSecrets(url),
				"use an address that begins with 'http://' or 'https://' and a host"));
	}

	private static boolean isComplete(String url) {
		try {
			UriComponents parts = UriComponentsBuilder.fromUriString(url).build();
			return ("http".equalsIgnoreCase(parts.getScheme()) || "https".equalsIgnoreCase(parts.getScheme()))
					&& StringUtils.hasText(parts.getHost());
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static String withoutSecrets(String url) {
		return url.replaceFirst("[^/]*@", "").replaceFirst("[?#].*", "");
	}

}
