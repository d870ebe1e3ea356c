import type { Tone } from "../tone.ts";

/** A shape per meaning, so that a state reads without colour; the words beside it say the same. */
const SHAPES: Record<Tone, string> = {
	ok: "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3Z",
	attention: "M8 2.5 14 13H2Z",
	broken: "m4 4 8 8m0-8-8 8",
	resting: "M3.5 8h9",
};

export function StateMark({ tone }: { tone: Tone }) {
	return (
		<svg class={`mark tone-${tone}`} viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
			<path d={SHAPES[tone]} />
		</svg>
	);
}
