// The lab: lists the experiments, starts one, and shows its run until it ends.
import * as api from './api.js';
import { element, setText } from './dom.js';
import { count, plural, seconds, time } from './format.js';
import { Results, verdict } from './results.js';

const POLL_MILLIS = 250;
const STATES = {
	STARTING: 'Starting both clients.', RUNNING: 'Running.', FINISHED: 'Finished.', CANCELLED: 'Cancelled.',
	FAILED: 'The experiment failed. The log of the application says why.'
};

const main = document.getElementById('experiment');
const list = document.getElementById('experiments');

let catalogue;
let view;
let run = null;

/** Values that the visitor chose, and earlier runs, by experiment. */
const chosen = new Map();
const earlier = new Map();

class View {

	constructor(experiment) {
		this.experiment = experiment;
		this.results = new Results(experiment);
		this.status = element('p', { class: 'status', role: 'status' });
		this.clock = element('span', { class: 'clock', 'aria-hidden': 'true' });
		this.problem = element('p', { class: 'problem', role: 'alert' });
		this.silence = element('p', { class: 'problem', role: 'alert' });
		this.startButton = element('button', { type: 'submit', class: 'start' }, 'Start');
		this.cancelButton = element('button', { type: 'button', class: 'cancel', hidden: true, onclick: cancel },
			'Cancel');
		this.verdict = element('div', { class: 'verdict' });
		this.findings = element('section', { class: 'findings', 'aria-labelledby': 'findings-title', hidden: true });
		this.history = element('section', { class: 'history', 'aria-labelledby': 'history-title', hidden: true });
		this.fields = element('div', { class: 'fields' });
		this.form = element('form', { class: 'controls', onsubmit: (event) => {
			event.preventDefault();
			start(this.properties());
		} }, this.fields, element('div', { class: 'buttons' }, this.startButton, this.cancelButton, this.clock));
		this.choose(chosen.get(experiment.id) ?? {});
	}

	show() {
		const { experiment } = this;
		this.title = element('h2', { tabindex: '-1' }, experiment.title);
		main.replaceChildren(this.title,
			element('p', { class: 'lead' }, experiment.calls),
			element('div', { class: 'setup' },
				element('figure', { class: 'code' }, element('figcaption', null, 'The code of a call, on both sides'),
					element('pre', { tabindex: '0', 'aria-label': 'Code of a call' }, experiment.code)),
				this.form),
			this.problem, this.silence, this.status, this.verdict, this.results.node, this.findings,
			element('section', { class: 'why', 'aria-labelledby': 'why-title' },
				element('h3', { id: 'why-title' }, 'Why'), element('p', null, experiment.explanation)),
			this.history);
		this.showHistory();
	}

	/** Shows the properties with a value chosen for each. */
	choose(values) {
		this.fields.replaceChildren(...this.experiment.settings.map(({ property, values: all }) =>
			element('fieldset', null, element('legend', null, element('code', null, property)),
				all.map((value, i) => element('label', { class: 'choice' },
					element('input', {
						type: 'radio', name: property, value,
						checked: values[property] === undefined ? i === 0 : values[property] === value
					}), element('span', null, value))))));
	}

	properties() {
		return Object.fromEntries(new FormData(this.form));
	}

	/** Shows whether a run is in progress, and of which experiment. */
	update(current) {
		const mine = current && current.experiment === this.experiment.id;
		const busy = current && !isOver(current);
		this.startButton.disabled = busy && mine;
		setText(this.startButton, mine ? 'Start again' : 'Start');
		this.cancelButton.hidden = !(busy && mine);
		this.fields.querySelectorAll('input').forEach((input) => {
			input.disabled = busy && mine;
		});
		if (!mine) {
			setText(this.clock, '');
			setText(this.status, '');
			return;
		}
		setText(this.status, STATES[current.state]);
		const last = current.samples[current.samples.length - 1];
		setText(this.clock, last ? `${seconds(last.seconds)}${busy ? ` of at most ${seconds(current.limitSeconds)}` : ''}`
			: '');
		this.results.show(current.samples, current.result);
		if (isOver(current) && current.result) {
			this.showVerdict(current);
			this.showFindings(current);
			this.showHistory();
		}
		else {
			this.verdict.replaceChildren();
			this.findings.hidden = true;
		}
	}

	showVerdict({ samples, result }) {
		const sentences = verdict(samples, result).map((sentence) => element('p', null, sentence));
		this.verdict.replaceChildren(...sentences, this.ports(samples));
	}

	/** Says how far this machine was from running out of ports. */
	ports(samples) {
		const last = samples[samples.length - 1];
		if (this.experiment.id !== 'ports' || !catalogue.localPorts || last.springBoot.timeWait === null) {
			return '';
		}
		const rate = last.springBoot.opened / last.seconds;
		return element('p', { class: 'note' }, `This machine has ${count(catalogue.localPorts)} ports for connections to `
			+ `one server. Over a network, where TIME_WAIT lasts a minute, that allows `
			+ `${count(catalogue.localPorts / 60)} new connections per second. `
			+ `Spring Boot's default opened ${count(rate)} per second here.`);
	}

	showFindings({ result, properties }) {
		const items = result.findings.map((finding) => element('li', { class: finding.severity.toLowerCase() },
			element('p', { class: 'code-line' }, element('strong', null, finding.code), ' ',
				element('span', { class: 'severity' }, finding.severity.toLowerCase())),
			element('p', null, `${finding.message}.`),
			element('p', { class: 'advice' }, element('b', null, 'Advice: '), `${finding.advice}.`)));
		this.findings.replaceChildren(element('h3', { id: 'findings-title' }, 'What HTTP Pool found'),
			items.length ? element('ul', null, items)
				: element('p', { class: 'healthy' }, 'Nothing: the pool is healthy.'),
			this.retry(properties));
		this.findings.hidden = false;
	}

	/** Offers the other values of the properties. */
	retry(properties) {
		const buttons = this.experiment.settings.flatMap(({ property, values }) => values
			.filter((value) => value !== properties[property])
			.map((value) => element('button', { type: 'button', class: 'retry', onclick: () => {
				const next = { ...properties, [property]: value };
				this.choose(next);
				start(next);
			} }, 'Run again with ', element('code', null, `${property}=${value}`))));
		return element('div', { class: 'buttons' }, buttons);
	}

	showHistory() {
		const runs = earlier.get(this.experiment.id) ?? [];
		this.history.hidden = runs.length < 2;
		const heads = ['Properties', 'Answered', 'Failed', 'Connections', 'Waiting, at most', '99 % latency', 'TIME_WAIT'];
		this.history.replaceChildren(element('h3', { id: 'history-title' }, 'Your runs with HTTP Pool'),
			element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'history-title' },
				element('table', null,
					element('thead', null, element('tr', null, heads.map((head) => element('th', { scope: 'col' }, head)))),
					element('tbody', null, runs.map((cells) => element('tr', null,
						element('th', { scope: 'row' }, cells[0].map((line) => element('code', null, line))),
						cells.slice(1).map((cell) => element('td', null, cell))))))));
	}

}

function isOver({ state }) {
	return state !== 'STARTING' && state !== 'RUNNING';
}

function remember({ experiment, properties, samples, result, state }) {
	if (!result || state !== 'FINISHED') {
		return;
	}
	const last = samples[samples.length - 1].httpPool;
	const waiting = Math.max(...samples.map((sample) => sample.httpPool.waiting));
	const runs = earlier.get(experiment) ?? [];
	runs.push([Object.entries(properties).map(([property, value]) => `${property}=${value}`),
		count(result.httpPool.answered), count(result.httpPool.failed), count(last.opened), count(waiting),
		time(result.httpPool.p99Ms), last.timeWait === null ? '–' : count(last.timeWait)]);
	earlier.set(experiment, runs.slice(-6));
}

async function start(properties) {
	const { experiment } = view;
	chosen.set(experiment.id, properties);
	setText(view.problem, '');
	try {
		const started = await api.start(experiment.id, properties);
		view.results.clear();
		follow(started);
	}
	catch (error) {
		setText(view.problem, error.message);
	}
}

async function cancel() {
	try {
		await api.cancel();
	}
	catch (error) {
		setText(view.problem, error.message);
	}
}

/** Follows a run until it ends. */
async function follow(started) {
	run = started;
	markRunning();
	view.update(run);
	view.cancelButton.hidden || view.cancelButton.focus({ preventScroll: true });
	while (!isOver(run)) {
		await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
		try {
			const next = await api.current(run.samples.length);
			// Another page may have started the next run meanwhile.
			run = (next.id === run.id) ? { ...next, samples: [...run.samples, ...next.samples] } : await api.current(0);
			setText(view.silence, '');
		}
		catch (error) {
			setText(view.silence, error.message);
			await new Promise((resolve) => setTimeout(resolve, 4 * POLL_MILLIS));
		}
		if (isOver(run)) {
			remember(run);
		}
		const focused = document.activeElement === view.cancelButton;
		view.update(run);
		if (focused && view.cancelButton.hidden) {
			view.startButton.focus({ preventScroll: true });
		}
	}
	markRunning();
}

function markRunning() {
	list.querySelectorAll('a').forEach((link) => {
		link.classList.toggle('running', Boolean(run) && !isOver(run) && link.hash === `#${run.experiment}`);
	});
}

function select(focus) {
	const id = location.hash.slice(1);
	const known = catalogue.experiments.find((candidate) => candidate.id === id);
	const experiment = known ?? catalogue.experiments[0];
	if (view?.experiment === experiment || (view && id && !known)) {
		return;
	}
	view = new View(experiment);
	view.show();
	view.update(run);
	document.title = `${experiment.title} – HTTP Pool lab`;
	list.querySelectorAll('a').forEach((link) => {
		if (link.hash === `#${experiment.id}`) {
			link.setAttribute('aria-current', 'page');
			link.scrollIntoView({ block: 'nearest', inline: 'center' });
		}
		else {
			link.removeAttribute('aria-current');
		}
	});
	if (focus) {
		view.title.focus({ preventScroll: true });
		window.scrollTo(0, 0);
	}
}

async function load() {
	try {
		catalogue = await api.experiments();
		const current = await api.current(0);
		list.replaceChildren(...catalogue.experiments.map(({ id, title }) =>
			element('li', null, element('a', { href: `#${id}` }, title))));
		if (current && !isOver(current) && !location.hash) {
			history.replaceState(null, '', `#${current.experiment}`);
		}
		select(false);
		window.addEventListener('hashchange', () => select(true));
		if (current && !isOver(current)) {
			follow(current);
		}
	}
	catch (error) {
		main.replaceChildren(element('p', { class: 'problem', role: 'alert' }, error.message));
	}
}

load();
