// A line over time, drawn by hand. Its text equivalent stands beside it.
import { svg } from './dom.js';

const WIDTH = 300;
const HEIGHT = 64;

export class Chart {

	constructor() {
		this.area = svg('path', { class: 'area' });
		this.line = svg('path', { class: 'line' });
		this.node = svg('svg', {
			class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true',
			focusable: 'false'
		}, svg('path', { class: 'grid', d: `M0 1H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 1}H${WIDTH}` }),
			this.area, this.line);
	}

	/**
	 * Draws values.
	 * @param points pairs of seconds and value, null where there is no value
	 * @param end right end of the chart, in seconds
	 * @param max top of the chart
	 */
	draw(points, end, max) {
		const x = (seconds) => ((seconds / end) * WIDTH).toFixed(1);
		const y = (value) => (HEIGHT - 1 - (value / (max || 1)) * (HEIGHT - 2)).toFixed(1);
		const known = points.filter(([, value]) => value !== null);
		const path = known.map(([seconds, value]) => `${x(seconds)} ${y(value)}`).join('L');
		this.line.setAttribute('d', path ? `M${path}` : '');
		this.area.setAttribute('d', path
			? `M${x(known[0][0])} ${HEIGHT}L${path}L${x(known[known.length - 1][0])} ${HEIGHT}Z` : '');
	}

}
