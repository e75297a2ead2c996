package io.github.httppool.benchmarks.fork;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Several forks, by what is measured in them.
 *
 * @param <K> the type of the keys
 */
public final class Forks<K> implements AutoCloseable {

	private final Map<K, Fork> forks = new LinkedHashMap<>();

	/**
	 * Start a fork for each class path.
	 * @param classPaths the class paths
	 * @throws IOException if a fork does not start
	 */
	public Forks(Map<K, ClassPath> classPaths) throws IOException {
		try {
			for (Map.Entry<K, ClassPath> entry : classPaths.entrySet()) {
				this.forks.put(entry.getKey(), new Fork(entry.getValue()));
			}
		}
		catch (IOException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Start a fork with the class path of this process for each key.
	 * @param <K> the type of the keys
	 * @param keys the keys
	 * @return the forks
	 * @throws IOException if a fork does not start
	 */
	public static <K> Forks<K> of(Iterable<K> keys) throws IOException {
		ClassPath classPath = ClassPath.current();
		Map<K, ClassPath> classPaths = new LinkedHashMap<>();
		keys.forEach((key) -> classPaths.put(key, classPath));
		return new Forks<>(classPaths);
	}

	/**
	 * Return a fork.
	 * @param key its key
	 * @return the fork
	 */
	public Fork get(K key) {
		return this.forks.get(key);
	}

	@Override
	public void close() throws IOException {
		for (Fork fork : this.forks.values()) {
			fork.close();
		}
	}

}
