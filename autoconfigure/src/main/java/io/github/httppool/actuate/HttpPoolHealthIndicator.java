package io.github.httppool.actuate;

import java.util.List;

import io.github.httppool.Finding;
import io.github.httppool.HttpPool;
import io.github.httppool.PoolSnapshot;
import io.github.httppool.Severity;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} of one pool: its connections, its waiting callers and its open
 * findings. It calls no upstream. The status is {@link Status#OUT_OF_SERVICE} if a
 * finding is critical, because calls fail or will fail soon. Otherwise it is
 * {@link Status#UP}, with all findings as details. Thread-safe.
 *
 * @since 0.1.0
 */
public class HttpPoolHealthIndicator extends AbstractHealthIndicator {

	private final HttpPool pool;

	/**
	 * Create an indicator.
	 * @param pool the pool to examine
	 */
	public HttpPoolHealthIndicator(HttpPool pool) {
		super("HTTP pool '%s' could not be examined".formatted(pool.name()));
		this.pool = pool;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		List<Finding> findings = this.pool.findings();
		boolean critical = findings.stream().anyMatch((finding) -> finding.severity() == Severity.CRITICAL);
		PoolSnapshot pool = this.pool.snapshot();
		builder.status(critical ? Status.OUT_OF_SERVICE : Status.UP)
			.withDetail("leased", pool.connections().leased())
			.withDetail("maxTotal", pool.limits().maxTotal())
			.withDetail("pending", pool.connections().pending())
			.withDetail("maxPending", pool.limits().maxPending())
			.withDetail("findings", findings.stream().map(PoolDescriptor.Problem::of).toList());
	}

}
