package io.github.httppool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;

/**
 * Finds top-level classes that depend on one another, by Tarjan's algorithm. A nested
 * class counts as part of its top-level class. The use of a constant does not count,
 * because the compiler copies it.
 */
final class ClassCycles {

	private final Map<String, Set<String>> dependencies = new TreeMap<>();

	private final Map<String, Integer> index = new HashMap<>();

	private final Map<String, Integer> lowest = new HashMap<>();

	private final Deque<String> path = new ArrayDeque<>();

	private final List<Set<String>> found = new ArrayList<>();

	private ClassCycles(JavaClasses classes) {
		for (JavaClass type : classes) {
			Set<String> targets = this.dependencies.computeIfAbsent(topLevel(type), (name) -> new TreeSet<>());
			type.getDirectDependenciesFromSelf()
				.stream()
				.map((dependency) -> dependency.getTargetClass().getBaseComponentType())
				.filter((target) -> classes.contain(target.getName()))
				.map(ClassCycles::topLevel)
				.forEach(targets::add);
		}
	}

	/**
	 * Return the cycles.
	 * @return the full names of the members of each cycle
	 */
	static List<Set<String>> in(JavaClasses classes) {
		ClassCycles cycles = new ClassCycles(classes);
		cycles.dependencies.keySet().forEach(cycles::visit);
		return cycles.found;
	}

	private void visit(String type) {
		if (this.index.containsKey(type)) {
			return;
		}
		this.index.put(type, this.index.size());
		this.lowest.put(type, this.index.get(type));
		this.path.push(type);
		for (String target : this.dependencies.get(type)) {
			visit(target);
			if (this.path.contains(target)) {
				this.lowest.merge(type, this.lowest.get(target), Math::min);
			}
		}
		if (this.lowest.get(type).equals(this.index.get(type))) {
			Set<String> members = new TreeSet<>();
			String member;
			do {
				member = this.path.pop();
				members.add(member);
			}
			while (!member.equals(type));
			if (members.size() > 1) {
				this.found.add(members);
			}
		}
	}

	private static String topLevel(JavaClass type) {
		return type.getName().replaceAll("\\$.*", "");
	}

}
