// Shows the remarkable events as a timeline, newest first.

const part = (file) => import(new URL(`?page=${file}`, import.meta.url));
const { element, setAttribute, setText, updateList } = await part('dom.js');
const format = await part('format.js');

const KINDS = [
	['Findings and changes', ['finding', 'resized', 'changed', 'evicted']],
	['Failures', ['connect-failed', 'refused', 'timeout', 'replayed', 'leak']],
	['Connections', ['opened', 'closed']]
];
const MOST = 100;

const shown = new Set(KINDS.flatMap(([, types]) => types));
const section = document.getElementById('events');
const list = element('ol', 'timeline');
const empty = element('p', 'empty');
let current = null;

const choices = element('fieldset', 'choices', element('legend', '', 'Show'), ...KINDS.map(([title, types]) => {
	const box = element('input');
	box.type = 'checkbox';
	box.checked = true;
	box.addEventListener('change', () => {
		types.forEach((type) => box.checked ? shown.add(type) : shown.delete(type));
		show();
	});
	return element('label', '', box, ` ${title}`);
}));
const region = element('div', 'timeline-region', list);
region.tabIndex = 0;
region.setAttribute('role', 'region');
region.setAttribute('aria-label', 'Timeline');
section.append(choices, region, empty);

export function showEvents(view) {
	current = view;
	show();
}

function show() {
	if (!current) {
		return;
	}
	const view = current;
	const events = view.pools.flatMap((pool) => pool.events.map((event) => ({ ...event, pool: pool.name })))
		.filter((event) => shown.has(event.type))
		.sort((a, b) => timeOf(b) - timeOf(a))
		.slice(0, MOST);
	updateList(list, events, (event) => JSON.stringify([event.pool, event.time, event.type, event.route ?? null]), make,
		(made, event) => made.update(event, view));
	setText(empty, shown.size ? 'No events of these kinds.' : 'Choose what to show.');
	empty.hidden = events.length !== 0;
	region.hidden = events.length === 0;
}

function timeOf(event) {
	return Date.parse(event.until ?? event.time);
}

function make() {
	const time = element('time');
	const ago = element('span', 'ago');
	const type = element('span', 'type');
	const times = element('b');
	const pool = element('bdi');
	const route = element('bdi', 'name');
	const message = element('bdi', 'message');
	const made = element('li', '', element('div', 'when', time, ago),
		element('div', 'what', element('p', '', type, times, pool, route), element('p', '', message)));
	made.update = (event, view) => {
		const date = new Date(timeOf(event));
		setAttribute(made, 'data-type', event.type);
		setAttribute(time, 'datetime', date.toISOString());
		setText(time, format.time(date, view.now));
		setText(ago, `${format.duration(view.now - date)} ago`);
		setText(type, event.type.replaceAll('-', ' '));
		setText(times, (event.count > 1)
			? `${format.count(event.count)} × since ${format.time(new Date(event.time), view.now)}` : '');
		setText(pool, view.single ? '' : `Pool ${format.name(event.pool)}`);
		setText(route, event.route ? format.name(event.route) : '');
		setText(message, format.message(event.message));
	};
	return made;
}
