// Shows a pool: what its connections are doing, and the last two minutes as charts.

const part = (file) => import(new URL(`?page=${file}`, import.meta.url));
const { element, setAttribute, setText, updateList } = await part('dom.js');
const format = await part('format.js');
const { makeChart } = await part('chart.js');

const list = document.getElementById('pool-list');
let sections = 0;

/** Show the pools, each with a link to its own page if there are several. */
export function showPools(view) {
	updateList(list, view.pools, (pool) => pool.name, make, (made, pool) => made.update(pool, view));
}

function make() {
	const name = element('bdi');
	const link = element('a');
	const title = element('h2', '', 'Pool ');
	const meta = element('p', 'meta');
	const activity = [makeHeading(), makeNumbers(), makeCharts(), makeTotals()];
	const parts = [makeBar(), ...activity];
	const unused = element('p', 'empty', 'No calls yet: a pool opens on its first call.');
	const made = element('section', 'pool', element('div', 'pool-head', title, meta), ...parts.map((each) => each.root),
		unused);
	title.id = `pool-${++sections}`;
	made.setAttribute('aria-labelledby', title.id);
	made.update = (pool, view) => {
		const { limits, since } = pool.now;
		setText(name, format.name(pool.name));
		if (made.single !== view.single) {
			made.single = view.single;
			link.remove();
			(view.single ? title : link).append(name);
			title.append(view.single ? '' : link);
		}
		setAttribute(link, 'href', view.hrefOf(pool.name));
		setText(meta, `max-total ${format.count(limits.maxTotal)} · max-per-route ${format.count(limits.maxPerRoute)} · `
			+ `max-idle-per-route ${format.count(limits.maxIdlePerRoute)} · `
			+ `max-pending ${(limits.maxPending < 0) ? 'no limit' : format.count(limits.maxPending)} · `
			+ `created ${format.duration(view.now - new Date(since))} ago`);
		parts.forEach((part) => part.update(pool, view));
		unused.hidden = pool.now.routeCount > 0 || pool.now.totals.calls > 0;
		activity.forEach((part) => {
			part.root.hidden = !unused.hidden;
		});
	};
	return made;
}

function makeHeading() {
	return { root: element('h3', '', 'Last two minutes'), update() {} };
}

function makeBar() {
	const leased = element('span', 'leased');
	const idle = element('span', 'idle');
	const track = element('div', 'bar', leased, idle);
	track.setAttribute('role', 'img');
	const counts = { leased: element('b'), idle: element('b'), free: element('b'), pending: element('b') };
	const over = element('span', '');
	const waiting = element('bdi');
	const pending = element('span', 'pending', counts.pending, ' ', waiting);
	const legend = element('p', 'legend',
		element('span', '', element('i', 'key leased'), counts.leased, ' leased'),
		element('span', '', element('i', 'key idle'), counts.idle, ' idle'),
		element('span', '', element('i', 'key free'), counts.free, ' free', over), pending);
	return {
		root: element('div', 'load', track, legend),
		update({ now: { connections, limits, routes } }) {
			const used = connections.leased + connections.idle;
			const scale = Math.max(limits.maxTotal, used, 1);
			leased.style.width = `${connections.leased / scale * 100}%`;
			idle.style.width = `${connections.idle / scale * 100}%`;
			const free = Math.max(0, limits.maxTotal - used);
			setText(counts.leased, format.count(connections.leased));
			setText(counts.idle, format.count(connections.idle));
			setText(counts.free, format.count(free));
			setText(over, ` of ${format.count(limits.maxTotal)}`);
			setText(counts.pending, format.count(connections.pending));
			setText(waiting, describeWaiting(connections.pending, routes.filter((route) => route.pending)));
			setAttribute(pending, 'data-some', connections.pending ? '' : null);
			setAttribute(track, 'aria-label', `Connections: ${connections.leased} leased, ${connections.idle} idle, ${free} free, `
				+ `limit ${limits.maxTotal}`);
		}
	};
}

/** The bar shows the limit of the pool, but callers wait for that of a route more often. */
function describeWaiting(pending, routes) {
	if (!pending || !routes.length) {
		return 'waiting';
	}
	return (routes.length === 1) ? `waiting for ${format.name(routes[0].route)}, limit ${format.count(routes[0].max)}`
		: `waiting for ${format.plural(routes.length, 'route')}`;
}

function makeNumbers() {
	const values = ['Calls', 'Reused', 'Opened', 'Closed', 'Mean wait', 'Longest wait'].map((term) => {
		const value = element('dd');
		return { value, group: element('div', '', element('dt', '', term), value) };
	});
	return {
		root: element('dl', 'numbers', ...values.map((each) => each.group)),
		update({ now: { recent } }) {
			[`${format.rate(recent.callsPerSecond)}/s`, format.percent(recent.reuseRatio), `${format.rate(recent.openedPerSecond)}/s`,
				`${format.rate(recent.closedPerSecond)}/s`, format.millis(recent.meanWaitMillis),
				recent.maxWaitMillis ? format.millis(recent.maxWaitMillis) : format.NONE
			].forEach((text, i) => setText(values[i].value, text));
		}
	};
}

function makeCharts() {
	const perSecond = (count) => (sample) => count(sample) / Math.max(1, sample.spanMillis / 1000);
	const each = [
		makeChart('Calls', [{ className: 'one', value: perSecond((sample) => sample.calls) }], (value) => `${format.rate(value)}/s`),
		makeChart('Connections', [
			{ name: 'open', className: 'two', value: (sample) => sample.leased + sample.idle },
			{ name: 'leased', className: 'one', value: (sample) => sample.leased }
		], format.count, { limit: (pool) => pool.now.limits.maxTotal }),
		makeChart('Waits', [{ className: 'bad', value: perSecond((sample) => sample.waits) }], (value) => `${format.rate(value)}/s`),
		makeChart('Longest wait', [{ className: 'bad', value: (sample) => sample.maxWaitMillis }], format.millis),
		makeChart('Opened and closed', [
			{ name: 'opened', className: 'one line', value: perSecond((sample) => sample.opened) },
			{ name: 'closed', className: 'three line', value: perSecond((sample) => sample.closed) }
		], (value) => `${format.rate(value)}/s`),
		makeChart('Reused', [{
			className: 'good', absent: format.NONE,
			value: (sample) => (sample.reused + sample.opened) ? sample.reused / (sample.reused + sample.opened) : null
		}], format.percent, { top: 1, lowest: true })
	];
	const charts = element('div', 'charts', ...each.map((one) => one.chart));
	let end = 0;
	charts.addEventListener('pointermove', (event) => {
		const over = each.find((one) => one.chart.contains(event.target));
		if (over) {
			const time = over.timeAt(event, end);
			each.forEach((one) => one.show?.(time));
		}
	});
	charts.addEventListener('pointerleave', () => each.forEach((one) => one.show?.(null)));
	return {
		root: charts,
		update(pool, view) {
			end = view.now.getTime();
			const samples = pool.history.map((sample) => {
				const sampled = Date.parse(sample.time);
				return { ...sample, begin: sampled - sample.spanMillis, end: sampled };
			});
			each.forEach((one) => one.update(samples, end, pool));
		}
	};
}

function makeTotals() {
	const entries = element('dl', 'totals');
	let first = null;
	return {
		root: element('details', '', element('summary', '', 'Totals and why connections closed'), entries),
		update(pool) {
			const { totals } = pool.now;
			const items = [['Calls', totals.calls], ['Opened', totals.opened], ['Reused', totals.reused],
				['Acquire timeouts', totals.acquireTimeouts, true], ['Rejected callers', totals.acquireRejected, true],
				['Replayed calls', totals.replayed, true], ['Leaks', totals.leaks, true],
				...Object.entries(totals.closed).map(([reason, count]) => [`Closed: ${reason}`, count]),
				...Object.entries(totals.drained).map(([outcome, count]) => [`Drained: ${outcome}`, count])];
			const values = new Map(items.map(([term, value]) => [term, value]));
			if (!first || first.since !== pool.now.since) {
				first = { since: pool.now.since, values };
			}
			updateList(entries, items, ([term]) => term,
				([term]) => element('div', '', element('dt', '', format.name(term)), element('dd')),
				(made, [term, value, bad]) => {
					const growth = value - (first.values.get(term) ?? 0);
					setText(made.lastChild, format.count(value) + (growth > 0 ? ` (+${format.count(growth)} while watched)` : ''));
					setAttribute(made, 'data-bad', (bad && value) ? '' : null);
				});
		}
	};
}
