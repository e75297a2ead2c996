// Starts the page: asks for the data, and hands them to the parts that show them.

const part = (file) => import(new URL(`?page=${file}`, import.meta.url));
const [{ poll }, { element, setAttribute, setText, updateList }, format, { showFindings }, { showPools }, { makeTable },
	{ showEvents }] = await Promise.all(
	['poll.js', 'dom.js', 'format.js', 'findings.js', 'pool.js', 'table.js', 'events.js'].map(part));

const byId = (id) => document.getElementById(id);
const name = (className) => `name${className ? ` ${className}` : ''}`;

const routes = makeTable(byId('routes'), [
	{ title: 'Route', className: name(), text: (row) => format.name(row.route), sort: (row) => row.route, ascending: true },
	{ title: 'Pool', className: name('pool-column'), text: (row) => format.name(row.pool), sort: (row) => row.pool, ascending: true },
	{ title: 'Leased', show: showLoad, sort: (row) => row.leased / row.max },
	{ title: 'Idle', text: (row) => format.count(row.idle), sort: (row) => row.idle },
	{ title: 'Waiting', text: (row) => format.count(row.pending), sort: (row) => row.pending, alarm: (row) => row.pending },
	{ title: 'Calls/s', text: (row) => format.rate(row.recent.callsPerSecond), sort: (row) => row.recent.callsPerSecond },
	{ title: 'Reused', text: (row) => format.percent(row.recent.reuseRatio), sort: (row) => row.recent.reuseRatio, ascending: true },
	{ title: 'Opened/s', text: (row) => format.rate(row.recent.openedPerSecond), sort: (row) => row.recent.openedPerSecond },
	{ title: 'Mean wait', text: (row) => format.millis(row.recent.meanWaitMillis), sort: (row) => row.recent.meanWaitMillis },
	{
		title: 'Longest wait', text: (row) => row.recent.maxWaitMillis ? format.millis(row.recent.maxWaitMillis) : format.NONE,
		sort: (row) => row.recent.maxWaitMillis || null
	},
	{ title: 'Mean lease', text: (row) => format.millis(row.totals.held.meanMillis), sort: (row) => row.totals.held.meanMillis },
	{
		title: 'Timeouts, refusals', text: (row) => format.count(refused(row)), sort: refused, alarm: refused
	}
], (row) => JSON.stringify([row.pool, row.route]));

const leases = makeTable(byId('leases'), [
	{ title: 'Call', className: name(), text: (row) => row.call ? format.name(row.call) : 'unknown', sort: (row) => row.call, ascending: true },
	{ title: 'Pool', className: name('pool-column'), text: (row) => format.name(row.pool), sort: (row) => row.pool, ascending: true },
	{ title: 'Held for', text: (row) => format.millis(row.heldForMillis), sort: (row) => row.heldForMillis },
	{ title: 'Thread', className: name(), text: (row) => format.name(row.thread), sort: (row) => row.thread, ascending: true },
	{ title: 'Route', className: name(), text: (row) => format.name(row.route), sort: (row) => row.route, ascending: true }
], (row) => JSON.stringify([row.pool, row.route, row.thread, row.call ?? null]));

const OF_ROUTES = 'Rates and waits: last two minutes. Mean lease, timeouts and refusals: since the first call. '
	+ 'Order, unless sorted: waiting callers, then calls.';

const instances = new Set();
let instance = null;
let latest = null;
let receivedAt = 0;

function refused(row) {
	return row.totals.acquireTimeouts + row.totals.acquireRejected;
}

/** A bar below the number: how near the route is to its limit. */
function showLoad(cell, row) {
	if (!cell.bar) {
		cell.bar = element('span', 'leased');
		cell.append(element('span', 'bar small', cell.bar));
	}
	setText(cell.firstChild, `${format.count(row.leased)} of ${format.count(row.max)}`);
	cell.bar.style.width = `${Math.min(1, row.leased / row.max) * 100}%`;
}

function show(data) {
	const base = (data.pool === undefined) ? location.pathname.replace(/\/$/, '') : location.pathname.replace(/\/[^/]*\/?$/, '');
	const pools = Object.entries(data.pools).map(([name, pool]) => ({ name, ...pool }));
	const view = {
		now: new Date(data.time), pools, single: pools.length === 1,
		hrefOf: (name) => `${base}/${encodeURIComponent(name)}`
	};
	latest = view;
	receivedAt = Date.now();
	byId('data').hidden = false;
	noteInstance(data.instance);
	showHeader(data, view, base);
	const findings = showFindings(view);
	document.title = `${findings.length ? `(${findings.length}) ` : ''}${data.application ? `${data.application} · ` : ''}HTTP Pool`;
	showPools(view);
	const hidden = (column) => view.single && column.title === 'Pool';
	const allRoutes = view.pools.flatMap((pool) => pool.now.routes.map((route) => ({ ...route, pool: pool.name })));
	const known = view.pools.reduce((sum, pool) => sum + pool.now.routeCount, 0);
	routes.update(allRoutes, (known > allRoutes.length)
		? `The ${format.count(allRoutes.length)} busiest of ${format.plural(known, 'route')}. ${OF_ROUTES}` : OF_ROUTES,
	'No calls yet: a pool opens with its first call.', hidden);
	const allLeases = view.pools.flatMap((pool) => pool.now.leases.map((lease) => ({ ...lease, pool: pool.name })))
		.sort((a, b) => b.heldForMillis - a.heldForMillis);
	leases.update(allLeases, `The ${format.plural(allLeases.length, 'lease')} held longest, at most 20 of a pool`,
		'No connection is leased.', hidden);
	showEvents(view);
}

function showHeader(data, view, base) {
	setText(byId('application'), data.application ? format.name(data.application) : '');
	setText(byId('host'), location.host);
	const nav = byId('pools');
	const items = (data.pool !== undefined || !view.single) ? [null, ...view.pools.map((pool) => pool.name)] : [];
	nav.hidden = items.length === 0;
	updateList(nav, items, (item) => (item === null) ? 'all' : `pool ${item}`, () => element('a', '', element('bdi')), (link, item) => {
		setText(link.firstChild, (item === null) ? 'All pools' : format.name(item));
		setAttribute(link, 'href', (item === null) ? (base || '/') : view.hrefOf(item));
		setAttribute(link, 'aria-current', ((data.pool ?? null) === item) ? 'page' : null);
	});
}

/** Numbers of different instances must not be taken for those of one. */
function noteInstance(id) {
	if (instance && id !== instance) {
		notice(instances.has(id)
			? 'Several instances of the application answer this page, and numbers jump between them. Open the page of one instance.'
			: `The application restarted, or another instance of it has answered since ${format.time(new Date(), new Date())}.`,
		'instance');
	}
	instances.add(id);
	instance = id;
}

function notice(text, about, ...links) {
	const box = byId('notice');
	const close = element('button', '', 'Dismiss');
	close.type = 'button';
	close.addEventListener('click', () => {
		box.hidden = true;
	});
	box.replaceChildren(element('p', '', text), element('p', '', ...links, close));
	box.about = about;
	box.hidden = false;
	setText(byId('announcement'), text);
}

function link(text, href) {
	const made = element('a', '', text);
	made.href = href;
	return made;
}

function state(kind, text) {
	const target = byId('state');
	const before = target.dataset.state;
	target.label = text;
	setAttribute(target, 'data-state', kind);
	setAttribute(byId('data'), 'data-stale', (kind === 'live' || kind === 'loading') ? null : '');
	showAge();
	if (kind === before) {
		return;
	}
	if (kind === 'signed-out') {
		notice(`${text}.`, 'state', link('Sign in again', location.href));
	}
	else if (kind === 'unknown') {
		notice(`${text}.`, 'state', link('All pools', location.pathname.replace(/\/[^/]*\/?$/, '') || '/'));
	}
	else if (kind === 'failing') {
		notice(`${text}.`, 'state');
	}
	else if (kind === 'live' && byId('notice').about === 'state') {
		byId('notice').hidden = true;
	}
}

/** Say how old the data are, if they are not live. */
function showAge() {
	const { dataset: { state: kind }, label } = byId('state');
	const old = latest && kind !== 'live' && kind !== 'loading';
	setText(byId('state-text'), old ? `${label}, data are ${format.duration(Date.now() - receivedAt)} old` : label ?? 'Loading');
}

const polling = poll(show, state);
setInterval(showAge, 1_000);
byId('pause').addEventListener('click', () => {
	setText(byId('pause'), polling.pause() ? 'Resume' : 'Pause');
});
