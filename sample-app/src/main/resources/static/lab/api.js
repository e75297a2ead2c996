// The requests of the page. Errors carry the explanation of the server.

async function request(path, options) {
	let response;
	try {
		response = await fetch(path, { cache: 'no-store', ...options });
	}
	catch (error) {
		throw new Error('The sample application does not answer. Check whether it is still running.');
	}
	if (response.ok) {
		return (response.status === 204) ? null : response.json();
	}
	const problem = await response.json().catch(() => null);
	throw new Error(problem?.detail ?? `The application answered with status ${response.status}.`);
}

export function experiments() {
	return request('lab/experiments');
}

export function start(experiment, properties) {
	return request('lab/runs', {
		method: 'POST',
		headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ experiment, properties })
	});
}

export function current(from) {
	return request(`lab/runs/current?from=${from}`);
}

export function cancel() {
	return request('lab/runs/current', { method: 'DELETE' });
}
