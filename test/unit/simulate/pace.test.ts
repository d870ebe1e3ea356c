import { describe, it } from "vitest";
import { modelNamed } from "../../../agent/src/simulate/models.ts";
import { loadMs, prefillMs, runnerBytes, slotSlowdown, tokenMs } from "../../../agent/src/simulate/machine/pace.ts";
import { profileNamed } from "../../../agent/src/simulate/profiles.ts";

/** Tokens per second of decode and prefill, seconds of load: published measurements, or fits to them. */
const MEASURED = [
	["gaming-pc", "llama3.2:3b", 216, 17_800, 1.8],
	["gaming-pc", "llama3.1:8b", 130, 7100, 2.6],
	["mac-studio", "llama3.1:8b", 86, 1180, 1.9],
	["mac-studio", "gpt-oss:20b", 140, 2640, 3.5],
	["mac-studio", "llama3.3:70b", 14, 135, 8.7],
	["macbook-pro", "llama3.3:70b", 7.5, 71, 9.5],
	["mac-mini", "llama3.1:8b", 19.7, 230, 2.8],
	["nuc", "llama3.2:3b", 16.7, 64, 2.3],
] as const;

describe("the pace of a simulated machine", () => {
	for (const [machine, model, decode, prefill, load] of MEASURED) {
		it(`is that of the real one: ${machine} with ${model}`, ({ expect }) => {
			const profile = profileNamed(machine);
			const spec = modelNamed(model);
			expect(1000 / tokenMs(profile, spec, 1, 0) / decode).toBeCloseTo(1, 1);
			expect((1000 * 1000) / prefillMs(profile, spec, 1, 1000) / prefill).toBeCloseTo(1, 1);
			expect(loadMs(profile, spec, false) / 1000 / load).toBeCloseTo(1, 1);
		});
	}

	it("drops to the speed of main memory where a model spills", ({ expect }) => {
		const spilled = tokenMs(profileNamed("gaming-pc"), modelNamed("llama3.3:70b"), 0.5, 0);
		expect(1000 / spilled).toBeLessThan(4);
	});

	it("shares a machine between streams with some gain in all", ({ expect }) => {
		const profile = profileNamed("mac-studio");
		const slowdown = slotSlowdown(profile, modelNamed("gpt-oss:20b"), 4);
		expect(slowdown).toBeGreaterThan(1);
		expect(4 / slowdown).toBeCloseTo(4 ** 0.4, 5);
	});

	it("counts the cache of every slot", ({ expect }) => {
		const spec = modelNamed("llama3.1:8b");
		expect(runnerBytes(spec, 131_072, 1)).toBeGreaterThan(22e9);
		expect(runnerBytes(spec, 4096, 4) - runnerBytes(spec, 4096, 1)).toBeGreaterThan(3 * 4096 * spec.kvBytesPerToken);
		expect(runnerBytes(spec, 4096, 1)).toBeCloseTo(5.96e9, -8);
	});
});
