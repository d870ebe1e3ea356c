import type { Signal } from "../signal.ts";

/** A model just unloaded is probably still in the page cache. */
const WARM_MS = 30 * 60_000;
const WARM_RATE = 0.6;
const ON_DISK_RATE = 0.2;

/** How ready the model is: in memory, in memory until lately, or on disk. The origin's name; nothing to do with heat. */
export const thermal: Signal = ({ node, model, resident, installed }, { now }) => {
	if (resident) return 1;
	const unloadedAt = node.unloadedAt.get(model);
	if (unloadedAt !== undefined && now - unloadedAt < WARM_MS) return WARM_RATE;
	return installed ? ON_DISK_RATE : 0;
};
