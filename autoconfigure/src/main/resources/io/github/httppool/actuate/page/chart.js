// Draws a small chart of the last two minutes: a step for each sample.

const part = (file) => import(new URL(`?page=${file}`, import.meta.url));
const { drawing, element, setAttribute, setText } = await part('dom.js');
const format = await part('format.js');

const WINDOW = 120_000;
const WIDTH = 240;
const HEIGHT = 48;

/**
 * Return a new chart.
 * @param title what it shows
 * @param series each with a name, a class and a function that gives the value of a sample, or null
 * @param text gives the text for a value
 * @param options limit: gives the value of a line across; top: the highest value at least; lowest: whether the
 * lowest value is the remarkable one
 */
export function makeChart(title, series, text, options = {}) {
	const paths = series.map((each) => drawing('path', { 'class': each.className }));
	const limit = drawing('path', { 'class': 'limit' });
	const cursor = drawing('path', { 'class': 'cursor' });
	const image = drawing('svg', {
		'viewBox': `0 0 ${WIDTH} ${HEIGHT}`, 'preserveAspectRatio': 'none', 'role': 'img'
	}, ...paths, limit, cursor);
	const values = series.map((each) => element('b'));
	const legend = element('span', 'values', ...series.flatMap((each, i) => [
		element('span', '', (series.length > 1) ? element('i', `key ${each.className}`) : null,
			(series.length > 1) ? `${each.name} ` : '', values[i])
	]));
	const when = element('span', '', 'now');
	const highest = element('span');
	const chart = element('figure', 'chart', element('figcaption', '', element('span', '', title), legend), image,
		element('div', 'axis', element('span', '', '2 min ago'), highest, when));
	return {
		chart,
		update(samples, end, pool) {
			const all = series.map((each) => samples.map((sample) => [sample, each.value(sample)])
				.filter(([, value]) => value !== null));
			const line = options.limit?.(pool);
			const seen = all.flat().map(([, value]) => value);
			const highestSeen = Math.max(0, ...seen);
			const top = Math.max(options.top ?? 0, highestSeen * 1.1) || 1;
			const y = (value) => (HEIGHT - 1 - value / top * (HEIGHT - 4)).toFixed(1);
			all.forEach((points, i) => setAttribute(paths[i], 'd', steps(points, end, y)));
			setAttribute(limit, 'd', (line && line <= top) ? `M0 ${y(line)}H${WIDTH}` : '');
			setText(highest, options.lowest ? (seen.length ? `lowest ${text(Math.min(...seen))}` : '') : `highest ${text(highestSeen)}`);
			const last = samples.at(-1);
			this.show = (time) => {
				const sample = (time === null) ? last : samples.find((each) => time > each.begin && time <= each.end);
				const shown = sample && (time !== null || sample.end > end - 12_000) ? sample : null;
				series.forEach((each, i) => setText(values[i], valueText(shown && each.value(shown), shown, each)));
				setText(when, (time === null) ? 'now' : `${format.duration(end - time)} ago`);
				setAttribute(cursor, 'd', (time === null) ? '' : `M${x(time, end)} 0V${HEIGHT}`);
			};
			this.show(null);
			setAttribute(image, 'aria-label', `${title}, last two minutes: ${series.map((each, i) =>
				`${(series.length > 1) ? `${each.name} ` : ''}${values[i].textContent}`).join(', ')} now, ${highest.textContent}`);
		},
		/** Return the time below the pointer. */
		timeAt(event, end) {
			const box = image.getBoundingClientRect();
			return end - WINDOW + (event.clientX - box.left) / box.width * WINDOW;
		}
	};

	function valueText(value, sample, each) {
		if (value === null || value === undefined) {
			return each.absent ?? text(0);
		}
		return text(value);
	}
}

function x(time, end) {
	return (Math.max(0, time - end + WINDOW) / WINDOW * WIDTH).toFixed(1);
}

/** Between samples, in which the pool was not used, the steps go down to the ground. */
function steps(points, end, y) {
	let path = '';
	let last = -1;
	for (const [sample, value] of points) {
		const from = (last >= 0 && sample.begin - last < 1_500) ? last : sample.begin;
		if (sample.end > end - WINDOW) {
			path += (from === last && path) ? `V${y(value)}` : `${path ? `V${HEIGHT}Z` : ''}M${x(from, end)} ${HEIGHT}V${y(value)}`;
			path += `H${x(sample.end, end)}`;
		}
		last = sample.end;
	}
	return path ? `${path}V${HEIGHT}Z` : '';
}
