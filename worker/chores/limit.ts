/** How long a node may take, and for whom: until it is released, a limit ends a call that waits in vain. */

export interface Limits {
	/** The client's: it ends the call at any time. */
	readonly signal: AbortSignal;
	/** Without it the node may take as long as the client stays. */
	readonly timeoutMs?: number | undefined;
}

export interface Limit {
	/** The time was over; else it was the client that left. */
	readonly passed: boolean;
	release(): void;
}

export function startLimit(abort: AbortController, { signal, timeoutMs }: Limits): Limit {
	let passed = false;
	const hangUp = () => abort.abort();
	const timeOut = () => {
		passed = true;
		hangUp();
	};
	const timer = timeoutMs === undefined ? undefined : setTimeout(timeOut, timeoutMs);
	signal.addEventListener("abort", hangUp, { once: true });
	if (signal.aborted) hangUp();
	return {
		get passed() {
			return passed;
		},
		release() {
			if (timer !== undefined) clearTimeout(timer);
			signal.removeEventListener("abort", hangUp);
		},
	};
}
