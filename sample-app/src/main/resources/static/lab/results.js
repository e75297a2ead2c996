// The table that shows both sides: a row for each number, a column for each client.
import { Chart } from './chart.js';
import { element, setText } from './dom.js';
import { count, plural, seconds, time } from './format.js';

const SIDES = [['springBoot', 'Spring Boot default'], ['httpPool', 'HTTP Pool']];
const SHORTEST = 3;

const max = (samples, value) => samples.reduce((most, sample) => Math.max(most, value(sample) ?? 0), 0);

/** What the rows show: a big number, a small text, and the values of the chart. */
const ROWS = [
	{
		label: 'Connections opened',
		hint: 'as the server counts them',
		value: (figures) => figures.opened,
		big: (last) => count(last.opened),
		small: (last) => `${count(last.open)} open now`
	},
	{
		label: 'Callers waiting',
		hint: 'for the server to get their call',
		value: (figures) => figures.waiting,
		big: (last, outcome, most) => count(most),
		small: (last) => `at most; ${count(last.waiting)} now`
	},
	{
		label: 'Latency',
		hint: 'chart: slowest call of the moment',
		value: (figures) => figures.slowestMs,
		big: (last, outcome) => time(outcome?.p99Ms),
		small: (last, outcome) => `99 % of calls; median ${time(outcome?.medianMs)}`,
		scale: time
	},
	{
		label: 'Sockets in TIME_WAIT',
		hint: 'each blocks a port for a minute',
		value: (figures) => figures.timeWait,
		big: (last) => (last.timeWait === null) ? '–' : count(last.timeWait),
		small: (last) => (last.timeWait === null) ? 'not available on this system' : 'now'
	}
];

export class Results {

	constructor(experiment) {
		this.experiment = experiment;
		this.answered = SIDES.map(() => ({
			big: element('span', { class: 'big' }),
			small: element('span', { class: 'small' }),
			bar: element('progress', { max: experiment.callCount, value: 0, 'aria-hidden': 'true' }),
			failure: element('span', { class: 'failure' })
		}));
		this.rows = ROWS.map((row) => ({
			row,
			scale: element('span', { class: 'scale' }),
			cells: SIDES.map(() => ({
				big: element('span', { class: 'big' }), small: element('span', { class: 'small' }), chart: new Chart()
			}))
		}));
		this.node = this.table();
		this.clear();
	}

	table() {
		this.span = element('td', { role: 'cell', class: 'scale' });
		const header = element('tr', { role: 'row' }, this.span,
			SIDES.map(([side, name]) => element('th', { role: 'columnheader', scope: 'col', class: side }, name)));
		const first = element('tr', { role: 'row' },
			element('th', { role: 'rowheader', scope: 'row' }, 'Calls answered'),
			this.answered.map(({ big, small, bar, failure }, i) => element('td', { role: 'cell', class: SIDES[i][0] },
				element('span', { class: 'numbers' }, big, ' ', small), bar, failure)));
		const others = this.rows.map(({ row, scale, cells }) => element('tr', { role: 'row' },
			element('th', { role: 'rowheader', scope: 'row' }, row.label,
				element('span', { class: 'hint' }, row.hint), scale),
			cells.map(({ big, small, chart }, i) => element('td', { role: 'cell', class: SIDES[i][0] },
				element('span', { class: 'numbers' }, big, ' ', small), chart.node))));
		return element('table', { role: 'table', class: 'results' },
			element('caption', { class: 'hidden' }, `Results of the experiment "${this.experiment.title}"`),
			element('thead', { role: 'rowgroup' }, header),
			element('tbody', { role: 'rowgroup' }, first, others));
	}

	clear() {
		const cells = [...this.answered, ...this.rows.flatMap((row) => row.cells)];
		for (const { big, small } of cells) {
			setText(big, '–');
			setText(small, '');
		}
		this.answered.forEach(({ bar, failure }) => {
			bar.value = 0;
			setText(failure, '');
		});
		setText(this.span, '');
		this.rows.forEach(({ scale, cells: charts }) => {
			setText(scale, '');
			charts.forEach(({ chart }) => chart.draw([], 1, 1));
		});
	}

	/**
	 * Shows a run.
	 * @param samples all samples so far
	 * @param result what became of the calls so far
	 */
	show(samples, result) {
		const last = samples[samples.length - 1];
		if (!last) {
			return;
		}
		SIDES.forEach(([side], i) => this.showAnswered(this.answered[i], last[side], result?.[side]));
		const end = Math.max(SHORTEST, last.seconds);
		setText(this.span, `charts: ${seconds(end)}`);
		for (const { row, scale, cells } of this.rows) {
			const tops = SIDES.map(([side]) => max(samples, (sample) => row.value(sample[side])));
			const top = Math.max(...tops);
			setText(scale, top > 0 ? `scale: 0 to ${(row.scale ?? count)(top)}` : '');
			SIDES.forEach(([side], i) => {
				const { big, small, chart } = cells[i];
				setText(big, row.big(last[side], result?.[side], tops[i]));
				setText(small, row.small(last[side], result?.[side]));
				chart.draw([[0, last[side].timeWait === null && row.value(last[side]) === null ? null : 0],
					...samples.map((sample) => [sample.seconds, row.value(sample[side])])], end, top);
			});
		}
	}

	showAnswered({ big, small, bar, failure }, figures, outcome) {
		const answered = outcome?.answered ?? figures.answered;
		setText(big, count(answered));
		const ended = outcome && outcome.unfinished === 0;
		setText(small, `of ${count(this.experiment.callCount)}${ended ? ` in ${time(outcome.elapsedMs)}` : ''}`);
		bar.value = answered;
		const failed = outcome?.failed
			? `${plural(outcome.failed, 'call')} failed. The first: ${outcome.firstFailure}` : '';
		setText(failure, failed);
	}

}

/**
 * Returns what a run shows, in a sentence for each side.
 */
export function verdict(samples, result) {
	const last = samples[samples.length - 1];
	const sentence = (name, side) => {
		const outcome = result[side];
		const opened = plural(last[side].opened, 'connection');
		const all = outcome.answered === outcome.calls;
		const answered = all ? `all ${count(outcome.calls)} calls`
			: `${count(outcome.answered)} of ${count(outcome.calls)} calls`;
		const failed = outcome.failed ? ` ${plural(outcome.failed, 'call')} failed.` : '';
		const held = outcome.held ? ` ${plural(outcome.held, 'caller')} still waited at the end.` : '';
		return `${name} answered ${answered} over ${opened}${all ? ` in ${time(outcome.elapsedMs)}` : ''}.${failed}${held}`;
	};
	return [sentence('HTTP Pool', 'httpPool'), sentence('Spring Boot\'s default', 'springBoot')];
}
