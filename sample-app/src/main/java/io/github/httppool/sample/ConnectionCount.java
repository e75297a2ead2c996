package io.github.httppool.sample;

import io.github.httppool.PoolSnapshot;

/**
 * Connections as the pool and the upstream count them.
 *
 * @param opened connections that the pool opened
 * @param reused leases of a connection that was open already
 * @param accepted connections that the upstream accepted
 */
record ConnectionCount(long opened, long reused, long accepted) {

	static ConnectionCount of(PoolSnapshot pool, Upstream upstream) {
		return new ConnectionCount(pool.totals().opened(), pool.totals().reused(), upstream.accepted());
	}

	ConnectionCount since(ConnectionCount before) {
		return new ConnectionCount(this.opened - before.opened, this.reused - before.reused,
				this.accepted - before.accepted);
	}

	double reuseRatio() {
		long leases = this.opened + this.reused;
		return (leases != 0) ? (double) this.reused / leases : 0;
	}

}
