/** Long heavy load by the owner: a game, a film being cut, a build. Pure. */

/** The origin's bar and time. */
const HIGH = 0.85;
const SUSTAINED_MS = 120_000;
/** A game between two levels is still a game. */
const CALM_MS = 60_000;

export interface Strain {
	isStrained: boolean;
	/** Epoch milliseconds since which it has been the other way round. */
	since?: number;
}

/** A load that is not known, because the fleet's own work hides it, changes nothing and starts the time anew. */
export function nextStrain({ isStrained, since }: Strain, load: number | undefined, at: number): Strain {
	if (load === undefined || load > HIGH === isStrained) return { isStrained };
	const begun = since === undefined || since > at ? at : since;
	if (at - begun < (isStrained ? CALM_MS : SUSTAINED_MS)) return { isStrained, since: begun };
	return { isStrained: !isStrained };
}
