package io.github.httppool.client;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.http.support.HttpComponentsHeadersAdapter;
import org.springframework.util.MultiValueMap;

/**
 * The headers of a response. Lookups of single headers use HttpClient's message. Only
 * operations on all names use Spring's own adapter, which copies the names.
 */
final class ResponseHeaders implements MultiValueMap<String, String> {

	private final HttpMessage message;

	private @Nullable HttpComponentsHeadersAdapter adapter;

	ResponseHeaders(HttpMessage message) {
		this.message = message;
	}

	private HttpComponentsHeadersAdapter adapter() {
		HttpComponentsHeadersAdapter adapter = this.adapter;
		if (adapter == null) {
			adapter = new HttpComponentsHeadersAdapter(this.message);
			this.adapter = adapter;
		}
		return adapter;
	}

	@Override
	public @Nullable String getFirst(String key) {
		Header header = this.message.getFirstHeader(key);
		return (header != null) ? header.getValue() : null;
	}

	@Override
	public boolean containsKey(Object key) {
		return key instanceof String name && this.message.containsHeader(name);
	}

	@Override
	public @Nullable List<String> get(Object key) {
		return containsKey(key) ? adapter().get(key) : null;
	}

	@Override
	public void add(String key, @Nullable String value) {
		adapter().add(key, value);
	}

	@Override
	public void addAll(String key, List<? extends String> values) {
		adapter().addAll(key, values);
	}

	@Override
	public void addAll(MultiValueMap<String, String> values) {
		adapter().addAll(values);
	}

	@Override
	public void set(String key, @Nullable String value) {
		adapter().set(key, value);
	}

	@Override
	public void setAll(Map<String, String> values) {
		adapter().setAll(values);
	}

	@Override
	public Map<String, String> toSingleValueMap() {
		return adapter().toSingleValueMap();
	}

	@Override
	public int size() {
		return adapter().size();
	}

	@Override
	public boolean isEmpty() {
		return adapter().isEmpty();
	}

	@Override
	public boolean containsValue(Object value) {
		return adapter().containsValue(value);
	}

	@Override
	public @Nullable List<String> put(String key, List<String> values) {
		return adapter().put(key, values);
	}

	@Override
	public @Nullable List<String> remove(Object key) {
		return adapter().remove(key);
	}

	@Override
	public void putAll(Map<? extends String, ? extends List<String>> values) {
		adapter().putAll(values);
	}

	@Override
	public void clear() {
		adapter().clear();
	}

	@Override
	public Set<String> keySet() {
		return adapter().keySet();
	}

	@Override
	public Collection<List<String>> values() {
		return adapter().values();
	}

	@Override
	public Set<Entry<String, List<String>>> entrySet() {
		return adapter().entrySet();
	}

	@Override
	public String toString() {
		return adapter().toString();
	}

}
