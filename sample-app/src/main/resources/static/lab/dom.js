// Elements without markup in strings: text stays text, whatever it contains.

const SVG = 'http://www.w3.org/2000/svg';

function build(element, attributes, children) {
	for (const [name, value] of Object.entries(attributes ?? {})) {
		if (name.startsWith('on')) {
			element.addEventListener(name.slice(2), value);
		}
		else if (value === true) {
			element.setAttribute(name, '');
		}
		else if (value !== false && value !== null && value !== undefined) {
			element.setAttribute(name, value);
		}
	}
	element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
	return element;
}

export function element(name, attributes, ...children) {
	return build(document.createElement(name), attributes, children);
}

export function svg(name, attributes, ...children) {
	return build(document.createElementNS(SVG, name), attributes, children);
}

/** Changes a text only if it differs, so that a reader is not disturbed. */
export function setText(node, text) {
	if (node.textContent !== text) {
		node.textContent = text;
	}
}
