/** A machine without power closes no connection: only the fleet can tell that nothing more will come from it. */
import type { PlaceWord } from "../fleet/place-watch.ts";

/** Most answers begin before; only then is it worth asking whether the node is still there. */
const WATCH_AFTER_MS = 5_000;

export interface PlaceWatcher {
	readonly onLost: () => void;
	/** Nothing comes from the node now: behind a shut door that is the end. */
	readonly isStill: () => boolean;
}

/** Calls `onLost` when the place is lost, unless the function returned was called before. */
export function watchPlace(placeWord: () => Promise<PlaceWord>, { onLost, isStill }: PlaceWatcher): () => void {
	let watches = true;
	let timer: ReturnType<typeof setTimeout>;
	const watch = async () => {
		const word = await placeWord().catch(() => "over" as const);
		if (!watches || word === "over") return;
		if (word === "lost" || isStill()) onLost();
		else later();
	};
	const later = () => {
		timer = setTimeout(() => void watch(), WATCH_AFTER_MS);
	};
	later();
	return () => {
		watches = false;
		clearTimeout(timer);
	};
}
