// Formats numbers, times and names. All numbers are English, as the rest of the page.

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const HUNDREDTHS = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const MOST_CHARACTERS = 200;

// Characters that would show nothing, or turn the text around them.
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

export const NONE = '–';

export function count(number) {
	if (number < 1e7) {
		return WHOLE.format(number);
	}
	const [size, unit] = (number < 1e9) ? [1e6, 'M'] : (number < 1e12) ? [1e9, 'G'] : [1e12, 'T'];
	return `${TENTHS.format(number / size)} ${unit}`;
}

export function plural(number, one, many = `${one}s`) {
	return `${count(number)} ${(number === 1) ? one : many}`;
}

/** A number per second, without its unit. */
export function rate(number) {
	if (number === 0 || number >= 100) {
		return count(number);
	}
	return ((number < 1) ? HUNDREDTHS : TENTHS).format(number);
}

/** A share, never rounded up to 100 %. */
export function percent(ratio) {
	if (ratio === undefined || ratio === null) {
		return NONE;
	}
	const shown = ratio * 100;
	return `${(shown > 99 && shown < 100) ? TENTHS.format(Math.min(shown, 99.9)) : WHOLE.format(shown)} %`;
}

export function millis(number) {
	if (number === undefined || number === null) {
		return NONE;
	}
	if (number < 1) {
		return (number === 0) ? '0 ms' : `${HUNDREDTHS.format(number)} ms`;
	}
	if (number < 1000) {
		return `${(number < 10) ? TENTHS.format(number) : WHOLE.format(number)} ms`;
	}
	return (number < 60_000) ? `${TENTHS.format(number / 1000)} s` : duration(number);
}

/** A time from seconds to days, in two units. */
export function duration(number) {
	const seconds = Math.max(0, Math.floor(number / 1000));
	const steps = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']];
	const first = Math.max(0, steps.findIndex(([size]) => seconds >= size));
	if (seconds === 0) {
		return '0 s';
	}
	const [size, unit] = steps[first];
	const [nextSize, nextUnit] = steps[first + 1] ?? [0, ''];
	const rest = nextSize ? Math.floor((seconds % size) / nextSize) : 0;
	return `${count(Math.floor(seconds / size))} ${unit}${rest ? ` ${rest} ${nextUnit}` : ''}`;
}

/** The time of day in the zone of the reader, with the day if it is not that of another time. */
export function time(date, now) {
	const clock = CLOCK.format(date);
	return (date.toDateString() === now.toDateString()) ? clock : `${DAY.format(date)} ${clock}`;
}

/** A name that came from outside: no longer than a few lines, and what it looks like. */
export function name(text) {
	const visible = String(text).replace(INVISIBLE, '\ufffd');
	return (visible.length > MOST_CHARACTERS) ? `${visible.slice(0, MOST_CHARACTERS)}…` : visible;
}

/** Sentences of the application, with names from outside in them. */
export function message(text) {
	return String(text).replace(INVISIBLE, (character) => (character === '\n') ? character : '\ufffd');
}
