import type { Signal } from "../signal.ts";

/** Loaded context over prompt tokens, and what the room is worth. Below 1 the prompt would be cut. */
const STEPS: readonly (readonly [below: number, rate: number])[] = [
	[1, -1],
	[1.5, 0.2],
	[3, 0.5],
	[8, 0.8],
];

/** Whether the context the model was loaded with holds the prompt; negative when it does not. */
export const contextFit: Signal = ({ resident }, { promptTokens }) => {
	const context = resident?.context_length;
	if (!context || promptTokens <= 0) return 0;
	const ratio = context / promptTokens;
	return STEPS.find(([below]) => ratio < below)?.[1] ?? 1;
};
