package io.github.httppool.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.httppool.Finding;
import io.github.httppool.Finding.Severity;
import io.github.httppool.HttpPool;
import io.github.httppool.HttpPools;
import io.github.httppool.PoolSnapshot;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} that says how full the pools are and what is wrong with them.
 * Calls no upstream. A critical finding, by which calls fail or are about to, makes the
 * application {@link Status#OUT_OF_SERVICE}; anything else is a detail.
 *
 * @since 0.1.0
 */
public class HttpPoolHealthIndicator extends AbstractHealthIndicator {

	private final HttpPools pools;

	/**
	 * Create an indicator.
	 * @param pools the pools to look at
	 */
	public HttpPoolHealthIndicator(HttpPools pools) {
		super("The HTTP pools could not be examined");
		this.pools = pools;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up();
		for (HttpPool pool : this.pools.all()) {
			List<Finding> findings = pool.findings();
			if (findings.stream().anyMatch((finding) -> finding.severity() == Severity.CRITICAL)) {
				builder.outOfService();
			}
			builder.withDetail(pool.name(), details(pool.snapshot(), findings));
		}
	}

	private static Map<String, Object> details(PoolSnapshot pool, List<Finding> findings) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("leased", pool.connections().leased());
		details.put("maxTotal", pool.limits().maxTotal());
		details.put("pending", pool.connections().pending());
		details.put("maxPending", pool.limits().maxPending());
		details.put("findings", findings.stream().map(PoolDescriptor.Problem::of).toList());
		return details;
	}

}
