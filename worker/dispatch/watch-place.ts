/** A machine without power closes no connection: only its missing heartbeats tell that nothing more will come from it. */

/** Most answers begin before; only then is it worth asking whether the node is still there. */
const WATCH_AFTER_MS = 5_000;

/** Calls `onLost` when the place is lost, unless the function returned was called before. */
export function watchPlace(placeLost: () => Promise<boolean>, onLost: () => void): () => void {
	let watches = true;
	const watch = async () => {
		const lost = await placeLost().catch(() => false);
		if (lost && watches) onLost();
	};
	const timer = setTimeout(() => void watch(), WATCH_AFTER_MS);
	return () => {
		watches = false;
		clearTimeout(timer);
	};
}
