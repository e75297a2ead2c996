package io.github.httppool.autoconfigure.properties;

import java.beans.PropertyDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.ResolvableType;

/**
 * A tree of the property names of a configuration properties class.
 */
public final class KnownProperties {

	/** Stands for any key of a map. */
	static final String ANY = "<name>";

	private static final String OURS = "io.github.httppool.";

	private final Map<String, KnownProperties> children = new LinkedHashMap<>();

	private KnownProperties() {
	}

	public static KnownProperties of(Class<?> type) {
		return of(ResolvableType.forClass(type));
	}

	private static KnownProperties of(ResolvableType type) {
		KnownProperties known = new KnownProperties();
		Class<?> raw = type.toClass();
		if (Map.class.isAssignableFrom(raw)) {
			known.children.put(ANY, of(type.asMap().getGeneric(1)));
		}
		else if (Collection.class.isAssignableFrom(raw)) {
			known.children.put(ANY, of(type.asCollection().getGeneric()));
		}
		else if (raw.getName().startsWith(OURS) && !raw.isEnum()) {
			for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(raw)) {
				if (property.getReadMethod() != null && !property.getName().equals("class")) {
					known.children.put(DataObjectPropertyName.toDashedForm(property.getName()),
							of(ResolvableType.forMethodReturnType(property.getReadMethod())));
				}
			}
		}
		return known;
	}

	/**
	 * Return the subtree of one element of a property name.
	 * @return the subtree, or {@code null} if the element is unknown
	 */
	@Nullable KnownProperties child(ConfigurationPropertyName name, int element) {
		KnownProperties any = this.children.get(ANY);
		if (any != null) {
			return any;
		}
		String written = name.getElement(element, Form.UNIFORM);
		for (Map.Entry<String, KnownProperties> child : this.children.entrySet()) {
			if (child.getKey().replace("-", "").equals(written)) {
				return child.getValue();
			}
		}
		return null;
	}

	/**
	 * Return the names of all properties below this one, short ones first.
	 */
	public List<String> paths() {
		List<String> paths = new ArrayList<>();
		this.children.forEach((name, child) -> {
			if (child.children.isEmpty() || child.isList()) {
				paths.add(name);
			}
			else {
				child.paths().forEach((path) -> paths.add(name + "." + path));
			}
		});
		paths.sort(Comparator.comparingLong((path) -> path.chars().filter((each) -> each == '.').count()));
		return paths;
	}

	/**
	 * Return the names of the direct children.
	 */
	Set<String> names() {
		return this.children.keySet();
	}

	private boolean isList() {
		KnownProperties elements = this.children.get(ANY);
		return elements != null && elements.children.isEmpty();
	}

}
