// Asks for new data again and again, and says how that goes.

const PAUSE = 2_000;
const LONGEST_PAUSE = 10_000;
const TIMEOUT = 10_000;

/**
 * Start polling. No request begins before the last one has ended, and none while the page is hidden or paused.
 * @param onData is given the data
 * @param onState is given 'live', 'paused', 'failing', 'signed-out' or 'unknown', and a sentence
 */
export function poll(onData, onState) {
	let timer = 0;
	let running = null;
	let failures = 0;
	let paused = false;

	async function next() {
		clearTimeout(timer);
		if (running || paused || document.hidden) {
			return;
		}
		running = ask();
		let state;
		let data = null;
		try {
			[state, data] = await running;
			if (data) {
				onData(data);
			}
		}
		catch (failure) {
			state = ['failing', data ? `The page cannot show the data: ${failure.message}` : describe(failure)];
			data = null;
		}
		finally {
			running = null;
		}
		failures = data ? 0 : failures + 1;
		if (!paused) {
			onState(...state);
		}
		timer = setTimeout(next, data ? PAUSE : Math.min(PAUSE * failures, LONGEST_PAUSE));
	}

	document.addEventListener('visibilitychange', next);
	// Back from the cache of the browser, or online again.
	addEventListener('pageshow', next);
	addEventListener('online', next);
	next();

	return {
		pause() {
			paused = !paused;
			if (paused) {
				clearTimeout(timer);
				onState('paused', 'Paused');
			}
			else {
				onState('loading', 'Loading');
				next();
			}
			return paused;
		}
	};
}

/** Return the state with its sentence, and the data if there are any. */
async function ask() {
	// Not relative: the address of the page can contain a password, with which no request can be made.
	const response = await fetch(`${location.origin}${location.pathname}?page=data`, {
		// So that Spring Security neither asks for a password nor comes back to this address after a login.
		headers: { 'Accept': 'application/json', 'X-Requested-With': 'XMLHttpRequest' },
		cache: 'no-store',
		redirect: 'manual',
		signal: AbortSignal.timeout(TIMEOUT)
	});
	if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403) {
		return [['signed-out', 'You are no longer signed in']];
	}
	if (response.status === 404) {
		return [['unknown', 'There is no such pool']];
	}
	if (!response.ok) {
		return [['failing', `The application answers with status ${response.status}`]];
	}
	if (!response.headers.get('Content-Type')?.includes('json')) {
		return [['signed-out', 'Something else than the application answers, such as a login page']];
	}
	return [['live', 'Live'], await response.json()];
}

function describe(failure) {
	if (failure.name === 'TimeoutError') {
		return `The application does not answer within ${TIMEOUT / 1000} s`;
	}
	return (failure.name === 'SyntaxError') ? 'The answer is incomplete' : 'The application cannot be reached';
}
