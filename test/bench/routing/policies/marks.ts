/** The beginnings of a simulated prompt, named as the router would hash them. */
import type { PrefixMark } from "../../../../worker/protocol/inference.ts";
import type { Arrival } from "../engine/policy.ts";

export function marksOf({ session, turn }: Arrival): PrefixMark[] {
	const { system, model, turns } = session;
	const marks = turns.slice(0, turn + 1).map(({ promptTokens }, index) => ({ hash: `${session.id}.${index}`, tokens: promptTokens }));
	if (system.tokens === 0) return marks;
	return [{ hash: `${model.name} ${system.name}`, tokens: system.tokens }, ...marks];
}
