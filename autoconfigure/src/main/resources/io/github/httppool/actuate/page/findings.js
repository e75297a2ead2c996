// Shows the findings of all pools, most severe first, and announces those that come and go.

const part = (file) => import(new URL(`?page=${file}`, import.meta.url));
const { element, setAttribute, setText, updateList } = await part('dom.js');
const format = await part('format.js');

const SEVERITIES = ['critical', 'warning', 'info'];
const list = document.getElementById('finding-list');
const announcement = document.getElementById('announcement');
let known = null;

/** Show the findings, and return them. */
export function showFindings(view) {
	const findings = view.pools.flatMap((pool) => pool.now.findings.map((finding) => ({ ...finding, pool })));
	findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
	updateList(list, findings.length ? findings : [null], (finding) => finding ? keyOf(finding) : 'none',
		(finding) => finding ? make() : element('p', 'healthy', 'Nothing found in the last two minutes.'),
		(made, finding) => finding && update(made, finding, view));
	announce(findings);
	return findings;
}

function keyOf(finding) {
	return JSON.stringify([finding.pool.name, finding.code, finding.route ?? null]);
}

function make() {
	const parts = {
		severity: element('span', 'severity'), title: element('h3'), code: element('code'), pool: element('bdi'),
		route: element('bdi', 'name'), since: element('span'), message: element('p', 'message'), advice: element('span')
	};
	const made = element('article', 'finding', element('div', 'finding-head', parts.severity, parts.title, parts.code),
		element('p', 'where', parts.pool, parts.route, parts.since), parts.message,
		element('p', 'advice', element('b', '', 'What to do: '), parts.advice));
	made.parts = parts;
	return made;
}

function update(made, finding, view) {
	const { severity, title, code, pool, route, since, message, advice } = made.parts;
	const begin = beginOf(finding);
	setAttribute(made, 'data-severity', finding.severity);
	setText(severity, finding.severity);
	setText(title, titleOf(finding.code));
	setText(code, finding.code);
	setText(pool, view.single ? '' : `Pool ${format.name(finding.pool.name)}`);
	setText(route, finding.route ? format.name(finding.route) : '');
	setText(since, begin ? `since ${format.time(begin, view.now)}, for ${format.duration(view.now - begin)}` : '');
	setText(message, format.message(finding.message));
	setText(advice, format.message(finding.advice));
	advice.parentNode.hidden = !finding.advice;
}

function titleOf(code) {
	const words = code.toLowerCase().replaceAll('_', ' ').replace(/\b(dns|tls)\b/g, (word) => word.toUpperCase());
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Return when the finding appeared, by its events, or null. */
function beginOf(finding) {
	for (const event of finding.pool.events) {
		if (event.type === 'finding' && event.route === finding.route && event.message.startsWith(`${finding.code} `)) {
			const change = event.message.slice(finding.code.length + 1);
			if (change.startsWith('is over')) {
				return null;
			}
			if (change.startsWith('(') || change.startsWith('is back')) {
				return new Date(event.time);
			}
		}
	}
	return null;
}

function announce(findings) {
	const current = new Map(findings.map((finding) => [keyOf(finding), finding]));
	if (known) {
		const texts = [
			...[...current].filter(([key]) => !known.has(key)).map(([, finding]) => `${finding.severity}: ${titleOf(finding.code)}`),
			...[...known].filter(([key]) => !current.has(key)).map(([, finding]) => `${titleOf(finding.code)} is over`)
		];
		if (texts.length) {
			setText(announcement, texts.join('. '));
		}
	}
	known = current;
}
