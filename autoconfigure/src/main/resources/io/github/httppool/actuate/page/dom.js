// Makes and updates elements. Text enters the page as text only: as text nodes and as attributes, never as markup.

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** Return a new element with a class and children; null children are left out. */
export function element(name, className, ...children) {
	const made = document.createElement(name);
	if (className) {
		made.className = className;
	}
	made.append(...children.filter((child) => child !== null));
	return made;
}

/** Return a new SVG element. */
export function drawing(name, attributes, ...children) {
	const made = document.createElementNS(NAMESPACE, name);
	Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
	made.append(...children);
	return made;
}

/** Set a text, unless it is there: a selection in it and its place in a reader survive. */
export function setText(target, text) {
	if (target.textContent !== text) {
		target.textContent = text;
	}
}

/** Set an attribute, unless it is there; null removes it. */
export function setAttribute(target, name, value) {
	if (value === null) {
		target.removeAttribute(name);
	}
	else if (target.getAttribute(name) !== String(value)) {
		target.setAttribute(name, value);
	}
}

/**
 * Show items in an order, one element each. An element stays as long as its key does, so that focus, selection and the
 * position of the page survive an update.
 */
export function updateList(parent, items, keyOf, make, update) {
	const before = parent.listElements ?? new Map();
	const after = new Map();
	let previous = null;
	for (const item of items) {
		let key = keyOf(item);
		while (after.has(key)) {
			key += '\u0000';
		}
		const made = before.get(key) ?? make(item);
		update(made, item);
		after.set(key, made);
		const place = previous ? previous.nextSibling : parent.firstChild;
		if (place !== made) {
			move(parent, made, place);
		}
		previous = made;
	}
	for (const [key, gone] of before) {
		if (!after.has(key)) {
			gone.remove();
		}
	}
	parent.listElements = after;
}

/** An element that is moved loses the focus that is in it. */
function move(parent, child, place) {
	const focused = child.contains(document.activeElement) ? document.activeElement : null;
	parent.insertBefore(child, place);
	focused?.focus({ preventScroll: true });
}
