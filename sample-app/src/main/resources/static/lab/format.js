// Numbers and times as people read them.

const integers = new Intl.NumberFormat('en');

export function count(number) {
	return integers.format(Math.round(number));
}

/** Formats a time in milliseconds. */
export function time(millis) {
	if (millis === null || millis === undefined) {
		return '–';
	}
	if (millis >= 1000) {
		return `${(millis / 1000).toFixed(1)} s`;
	}
	return `${Math.round(millis)} ms`;
}

export function seconds(value) {
	return `${value.toFixed(1)} s`;
}

/** Returns a number with its noun in the singular or plural. */
export function plural(number, noun) {
	return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
