/** A machine that answers, but wrongly: with errors, with garbage, with half an answer, or not at all. */
import type { Faults, StreamFault } from "../../../../agent/src/simulate/machine/faults.ts";
import type { Fault } from "../fault.ts";

/** Some of its clients are sure to meet it. */
function misbehaves(name: string, faults: Partial<Faults>, more: Partial<Fault> = {}): Fault {
	let before: Faults | undefined;
	return {
		name: `node ${name}`,
		...more,
		async inject({ target, traffic, own }) {
			before = { ...target.ollama.faults };
			Object.assign(target.ollama.faults, faults);
			for (const dialect of ["ollama", "openai", "anthropic"] as const) void traffic.send(own({ dialect, stream: true }));
			await Promise.race([traffic.send(own({ stream: true })), traffic.send(own())]);
		},
		heal: async ({ target }) => void Object.assign(target.ollama.faults, before),
	};
}

function breaks(name: string, kind: StreamFault, more: Partial<Fault> = {}): Fault {
	return misbehaves(name, { stream: { kind, afterChunks: 3 } }, more);
}

export const wrongAnswers = [
	misbehaves("answers 500", { reply: "error" }),
	misbehaves("answers garbage", { reply: "garbage" }),
	misbehaves("answers with a page", { reply: "page" }),
	misbehaves("answers that it is full", { queueFull: true }),
	misbehaves("resets connections", { reset: true }),
	breaks("breaks off in a line", "reset"),
	breaks("ends with an error line", "error-line", { endsInOrder: true }),
	breaks("ends without a last line", "end-without-done", { endsInOrder: true }),
	misbehaves("answers nothing", { hang: true }, { isLong: true }),
	breaks("falls silent mid-stream", "hang", { isLong: true }),
];
