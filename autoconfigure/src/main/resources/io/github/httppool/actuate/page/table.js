// Shows a table in a region that scrolls, with columns that sort it.

const part = (file) => import(new URL(`?page=${file}`, import.meta.url));
const { element, setAttribute, setText, updateList } = await part('dom.js');

/**
 * Make a table.
 * @param section what it is appended to, with a heading
 * @param columns each with a title; text: gives the text of a row; sort: gives what it is sorted by; and a class. Names that
 * come from outside have the class "name"; show: fills a cell in another way
 */
export function makeTable(section, columns, keyOf) {
	const caption = element('caption');
	const head = element('tr');
	const body = element('tbody');
	const empty = element('p', 'empty');
	const table = element('table', '', caption, element('thead', '', head), body);
	const region = element('div', 'scroll', table);
	region.tabIndex = 0;
	region.setAttribute('role', 'region');
	region.setAttribute('aria-label', `Table of ${section.querySelector('h2').textContent.toLowerCase()}`);
	section.append(region, empty);
	let sorted = null;
	let current = [];
	let hide = () => false;
	const headers = columns.map((column) => {
		const header = element('th', column.className ?? '');
		header.scope = 'col';
		if (column.sort) {
			const button = element('button', '', column.title);
			button.type = 'button';
			button.addEventListener('click', () => {
				sorted = next(column);
				show();
			});
			header.append(button);
		}
		else {
			header.append(column.title);
		}
		head.append(header);
		return header;
	});

	/** From the better order for a column to the opposite one to that of the application. */
	function next(column) {
		const first = column.ascending ? 1 : -1;
		if (sorted?.column !== column) {
			return { column, direction: first };
		}
		return (sorted.direction === first) ? { column, direction: -first } : null;
	}

	function show() {
		const rows = [...current];
		if (sorted) {
			rows.sort((a, b) => compare(sorted.column.sort(a), sorted.column.sort(b), sorted.direction));
		}
		headers.forEach((header, i) => {
			const direction = (sorted?.column === columns[i]) ? (sorted.direction > 0 ? 'ascending' : 'descending') : null;
			header.hidden = hide(columns[i]);
			setAttribute(header, 'aria-sort', direction ?? (columns[i].sort ? 'none' : null));
		});
		updateList(body, rows, keyOf, () => makeRow(columns), (row, item) => {
			columns.forEach((column, i) => {
				const cell = row.cells[i];
				cell.hidden = hide(column);
				if (column.show) {
					column.show(cell, item);
				}
				else {
					setText(cell.firstChild ?? cell, column.text(item));
				}
				setAttribute(cell, 'data-some', column.alarm?.(item) ? '' : null);
			});
		});
	}

	return {
		/** Show rows, with a caption, or with a text where there are none. */
		update(rows, captionText, emptyText, hidden) {
			current = rows;
			setText(caption, captionText);
			setText(empty, emptyText);
			empty.hidden = rows.length !== 0;
			region.hidden = rows.length === 0;
			hide = hidden ?? (() => false);
			show();
		}
	};
}

function makeRow(columns) {
	return element('tr', '', ...columns.map((column, i) => {
		const cell = element((i === 0) ? 'th' : 'td', column.className ?? '', element('bdi'));
		if (i === 0) {
			cell.scope = 'row';
		}
		return cell;
	}));
}

/** Those without a value are last in both directions. */
function compare(a, b, direction) {
	if ((a ?? null) === null || (b ?? null) === null) {
		return ((a ?? null) === null) - ((b ?? null) === null);
	}
	return direction * ((typeof a === 'string') ? a.localeCompare(b, 'en') : a - b);
}
