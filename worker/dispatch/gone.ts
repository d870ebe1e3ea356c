/** Resolves when the client leaves. What is written to one that has just left may wait for ever: nothing may wait for it alone. */
export function gone(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
