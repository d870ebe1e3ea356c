import { describe, it } from "vitest";
import type { FailureKind } from "../../../worker/protocol/failure.ts";
import { afterFailure, afterSuccess, type Breakers, isTrusted, withoutTrial, withTrial } from "../../../worker/routing/breaker.ts";

const MODEL = "a:latest";
const NONE: Breakers = new Map();

function failing(
	times: number,
	{ kind = "server-error", from = NONE, now = 0 }: { kind?: FailureKind; from?: Breakers; now?: number } = {},
) {
	let breakers = from;
	for (let count = 0; count < times; count++) breakers = afterFailure(breakers, { model: MODEL, kind, now: now + count });
	return breakers;
}

describe("a breaker", () => {
	it("opens after three failures in a row, and for that model alone", ({ expect }) => {
		expect(isTrusted(failing(2), MODEL, 3)).toBe(true);
		expect(isTrusted(failing(3), MODEL, 3)).toBe(false);
		expect(isTrusted(failing(3), "b:latest", 3)).toBe(true);
	});

	it("speaks against the whole node when its Ollama can't be reached", ({ expect }) => {
		expect(isTrusted(failing(3, { kind: "connect" }), "b:latest", 3)).toBe(false);
	});

	it.for<FailureKind>(["client-gone", "draining", "door-lost", "node-silent"])("is not touched by %s", (kind, { expect }) => {
		expect(failing(5, { kind })).toEqual(NONE);
	});

	it("lets one request try after its pause, and no second one beside it", ({ expect }) => {
		const open = failing(3);
		expect(isTrusted(open, MODEL, 10_002)).toBe(true);
		const trying = withTrial(open, MODEL, "trial");
		expect(isTrusted(trying, MODEL, 10_002)).toBe(false);
		expect(isTrusted(afterSuccess(trying, MODEL), MODEL, 10_002)).toBe(true);
		expect(isTrusted(withoutTrial(trying, "trial"), MODEL, 10_002)).toBe(true);
		expect(isTrusted(withoutTrial(trying, "other"), MODEL, 10_002)).toBe(false);
	});

	it("waits twice as long after a failed trial, but not for ever longer", ({ expect }) => {
		const again = failing(1, { from: failing(3), now: 10_002 });
		expect(isTrusted(again, MODEL, 30_001)).toBe(false);
		expect(isTrusted(again, MODEL, 30_002)).toBe(true);
		let breakers = again;
		for (let now = 40_000; now < 4e6; now += 310_000) breakers = failing(1, { from: breakers, now });
		expect(isTrusted(breakers, MODEL, 4e6 + 310_000)).toBe(true);
	});

	it("forgets failures that are far apart", ({ expect }) => {
		let breakers = NONE;
		for (const now of [0, 200_000, 400_000, 600_000]) breakers = failing(1, { from: breakers, now });
		expect(isTrusted(breakers, MODEL, 600_001)).toBe(true);
	});

	it("pauses for a full queue, and for as long as a node asks, without counting that as broken", ({ expect }) => {
		const busy = failing(1, { kind: "busy" });
		expect([isTrusted(busy, MODEL, 1999), isTrusted(busy, MODEL, 2000)]).toEqual([false, true]);
		const asked = afterFailure(NONE, { model: MODEL, kind: "server-error", retryAfterMs: 7000, now: 0 });
		expect([isTrusted(asked, MODEL, 6999), isTrusted(asked, MODEL, 7000)]).toEqual([false, true]);
		expect(isTrusted(failing(2, { from: failing(5, { kind: "busy" }), now: 9000 }), MODEL, 11_000)).toBe(true);
	});
});
