package io.github.httppool.autoconfigure.properties;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.httppool.InvalidHttpPoolSettingsException.Problem;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Finds the names of SSL bundles, because Spring Boot's bundles do not contain their
 * names. Also finds the names of bundles that a reload has replaced in the meantime.
 */
public final class NamedBundles {

	private final @Nullable SslBundles bundles;

	private final List<Known> known = new CopyOnWriteArrayList<>();

	private final Map<String, SslBundle> absent = new ConcurrentHashMap<>();

	public NamedBundles(@Nullable SslBundles bundles) {
		this.bundles = bundles;
		if (bundles != null) {
			bundles.addBundleRegisterHandler((name, bundle) -> refresh());
			refresh();
		}
	}

	/**
	 * Return the name of a bundle.
	 * @return the name, or {@code null} if it has none
	 */
	public @Nullable String nameOf(SslBundle bundle) {
		String name = knownName(bundle);
		if (name == null) {
			refresh();
			name = knownName(bundle);
		}
		return name;
	}

	private @Nullable String knownName(SslBundle bundle) {
		for (Known known : this.known) {
			if (known.refersTo(bundle)) {
				return known.name;
			}
		}
		return null;
	}

	private synchronized void refresh() {
		SslBundles bundles = this.bundles;
		if (bundles == null) {
			return;
		}
		this.known.removeIf((known) -> known.refersTo(null));
		for (String name : bundles.getBundleNames()) {
			try {
				SslBundle bundle = bundles.getBundle(name);
				if (knownName(bundle) == null) {
					this.known.add(new Known(bundle, name));
				}
			}
			catch (RuntimeException ex) {
				// An invalid bundle that is not in use must not cause a failure here.
			}
		}
	}

	/**
	 * Check that a bundle exists. A context without SSL bundles, such as a test slice,
	 * accepts any name.
	 * @param setting the setting with the name of the bundle
	 * @param name the name of the bundle; {@code null} or empty if there is none
	 */
	List<Problem> problems(String setting, @Nullable String name) {
		if (this.bundles == null || name == null || name.isEmpty()) {
			return List.of();
		}
		List<String> names = this.bundles.getBundleNames();
		return names.contains(name) ? List.of() : List.of(new Problem(setting, name, advice(name, names)));
	}

	/**
	 * Return the advice for an unknown bundle name.
	 */
	public static String advice(String unknown, List<String> known) {
		String nearest = NearestName.of(unknown, known);
		return "use the name of an SSL bundle (spring.ssl.bundle.*): "
				+ (known.isEmpty() ? "there is none" : "there are " + known)
				+ ((nearest != null) ? ", and perhaps '" + nearest + "' is meant" : "");
	}

	/**
	 * Return the current bundle with a name.
	 */
	public SslBundle get(String name) {
		SslBundles bundles = this.bundles;
		return (bundles != null) ? bundles.getBundle(name) : this.absent.computeIfAbsent(name, AbsentBundle::new);
	}

	/**
	 * Run an action whenever the bundle with a name is replaced.
	 */
	public void onReload(String name, Runnable action) {
		SslBundles bundles = this.bundles;
		if (bundles != null) {
			bundles.addBundleUpdateHandler(name, (bundle) -> {
				refresh();
				action.run();
			});
		}
	}

	/**
	 * A weak reference to a bundle, with its name.
	 */
	private static final class Known extends WeakReference<SslBundle> {

		private final String name;

		Known(SslBundle bundle, String name) {
			super(bundle);
			this.name = name;
		}

	}

}
