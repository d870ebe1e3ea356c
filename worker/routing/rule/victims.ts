/** Which models Ollama would push out for a load, predicted: the router never unloads by itself. Pure. */

/** Beside others, a model may take this much of what is free (reference/ollama-api.md 4.4). */
const FILL_RATIO = 0.8;

export interface Occupant {
	readonly model: string;
	readonly bytes: number;
	readonly isBusy: boolean;
	/** Kept alive forever: last in the order, not protected. */
	readonly isPinned: boolean;
}

export interface Room {
	readonly neededBytes: number;
	/** Absent: Ollama does not look (CPU only). */
	readonly usableBytes: number | undefined;
	readonly maxLoaded: number;
}

export interface Eviction {
	readonly victims: readonly Occupant[];
	/** Some of them are at work: the load waits for them. */
	readonly isBlocked: boolean;
}

const NOBODY: Eviction = { victims: [], isBlocked: false };

/** Idle ones first, shorter keep-alive before longer, then by name, one at a time until the model fits. */
export function predictEviction(occupants: readonly Occupant[], room: Room): Eviction {
	if (hasRoom(occupants, room)) return NOBODY;
	const leaving = [...occupants].sort(inOrder);
	const victims: Occupant[] = [];
	while (leaving.length > 0 && !hasRoom(leaving, room)) victims.push(...leaving.splice(0, 1));
	return { victims, isBlocked: victims.some(({ isBusy }) => isBusy) };
}

/** An empty node loads whatever it is asked to, partly into system memory if need be. */
function hasRoom(occupants: readonly Occupant[], { neededBytes, usableBytes, maxLoaded }: Room): boolean {
	if (occupants.length === 0) return true;
	if (occupants.length >= maxLoaded) return false;
	if (usableBytes === undefined) return true;
	const free = usableBytes - occupants.reduce((sum, { bytes }) => sum + bytes, 0);
	return neededBytes <= FILL_RATIO * free;
}

function inOrder(a: Occupant, b: Occupant): number {
	if (a.isBusy !== b.isBusy) return a.isBusy ? 1 : -1;
	if (a.isPinned !== b.isPinned) return a.isPinned ? 1 : -1;
	return a.model < b.model ? -1 : 1;
}
