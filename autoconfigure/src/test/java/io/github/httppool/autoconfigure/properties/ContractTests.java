package io.github.httppool.autoconfigure.properties;

import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.httppool.HttpPoolSettings;
import io.github.httppool.autoconfigure.properties.HttpPoolProperties.Pool;
import org.junit.jupiter.api.Test;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.convert.ApplicationConversionService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the binding classes, the settings of the engine and the documentation against the
 * contract, name by name and default by default; {@link ConfigurationMetadataTests} does
 * so with the metadata.
 */
class ContractTests {

	@Test
	void theBindingClassHasThesePropertiesAndNoOthers() {
		assertThat(KnownProperties.of(HttpPoolProperties.class).paths()).containsExactlyInAnyOrderElementsOf(
				Stream
					.concat(Contract.PROPERTIES.keySet().stream(),
							Contract.ofFurtherPools().stream().map((name) -> "pools.<name>." + name))
					.toList());
	}

	@Test
	void aFurtherPoolHasAllButThoseOfTheApplication() {
		assertThat(KnownProperties.of(Pool.class).paths())
			.containsExactlyInAnyOrderElementsOf(Contract.ofFurtherPools());
	}

	@Test
	void theBindingClassHasTheseDefaults() {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(new HttpPoolProperties());
		Contract.PROPERTIES.keySet().stream().filter((name) -> !name.contains("<name>")).forEach((name) -> {
			String property = camelCase(name);
			Object bound = properties.getPropertyValue(property);
			if (Contract.hasDefault(name)) {
				assertThat(bound).as(name)
					.isEqualTo(ApplicationConversionService.getSharedInstance()
						.convert(Contract.PROPERTIES.get(name), properties.getPropertyType(property)));
			}
			else {
				assertThat(bound).as(name).isIn(null, List.of());
			}
		});
		assertThat(properties.getPropertyValue("routes")).isEqualTo(Map.of());
		assertThat(properties.getPropertyValue("warmUp")).isEqualTo(Map.of());
		assertThat(properties.getPropertyValue("pools")).isEqualTo(Map.of());
	}

	@Test
	void theEngineHasTheSameDefaults() throws ReflectiveOperationException {
		HttpPoolSettings bound = new HttpPoolProperties().toSettings();
		HttpPoolSettings built = HttpPoolSettings.builder().build();
		List<Method> settings = Stream.of(HttpPoolSettings.class.getDeclaredMethods())
			.filter((method) -> method.getParameterCount() == 0 && Modifier.isPublic(method.getModifiers())
					&& !Modifier.isStatic(method.getModifiers()))
			.filter((method) -> !method.getName().equals("toBuilder"))
			.toList();
		assertThat(settings).hasSizeGreaterThan(20);
		for (Method setting : settings) {
			assertThat(setting.invoke(built)).as(setting.getName()).isEqualTo(setting.invoke(bound));
		}
	}

	@Test
	void theConfigurationPageListsThemWithTheirDefaults() throws IOException {
		Map<String, String[]> listed = listed("docs/configuration.md");
		List<String> ofPools = Stream.concat(Stream.of("*"), Contract.OF_FURTHER_POOLS.stream())
			.map((name) -> "pools.<name>." + name)
			.toList();
		assertThat(listed.keySet()).containsExactlyInAnyOrderElementsOf(
				Stream.concat(Contract.PROPERTIES.keySet().stream(), ofPools.stream()).toList());
		Contract.PROPERTIES.forEach((name, value) -> assertThat(listed.get(name)[3]).as(name)
			.isEqualTo(name.contains("<name>") ? "–" : value));
	}

	@Test
	void theConfigurationPageListsThemWithTheirTypes() throws IOException {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(new HttpPoolProperties());
		listed("docs/configuration.md").forEach((name, cells) -> {
			if (Contract.PROPERTIES.containsKey(name) && !name.contains("<name>")) {
				assertThat(cells[2]).as(name).isEqualTo(type(properties.getPropertyType(camelCase(name))));
			}
		});
	}

	private static String type(Class<?> type) {
		if (type.isEnum()) {
			return Stream.of(type.getEnumConstants())
				.map((value) -> value.toString().toLowerCase(Locale.ROOT))
				.collect(Collectors.joining(", "));
		}
		return type.getSimpleName()
			.toLowerCase(Locale.ROOT)
			.replaceAll("^int$", "integer")
			.replaceAll("^datasize$", "size");
	}

	@Test
	void theReadmeListsTheEssentialOnes() throws IOException {
		Map<String, String[]> listed = listed("README.md");
		assertThat(listed).hasSizeBetween(5, 10)
			.allSatisfy((name, cells) -> assertThat(cells[2]).as(name).isEqualTo(Contract.PROPERTIES.get(name)));
	}

	/**
	 * Return the rows of a page's tables of properties, by name.
	 */
	private static Map<String, String[]> listed(String page) throws IOException {
		Map<String, String[]> listed = new LinkedHashMap<>();
		boolean properties = false;
		for (String line : Files.readAllLines(Path.of("..", page))) {
			if (line.startsWith("| property | ")) {
				properties = true;
			}
			else if (properties && line.startsWith("| `")) {
				String[] cells = Stream.of(line.split("\\|"))
					.map((cell) -> cell.replace("`", "").strip())
					.toArray(String[]::new);
				assertThat(listed.put(cells[1], cells)).as(cells[1] + " is listed twice").isNull();
			}
			else if (!line.startsWith("|")) {
				properties = false;
			}
		}
		return listed;
	}

	private static String camelCase(String name) {
		return Pattern.compile("-([a-z])").matcher(name).replaceAll((match) -> match.group(1).toUpperCase(Locale.ROOT));
	}

}
