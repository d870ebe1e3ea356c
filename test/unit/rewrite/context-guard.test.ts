import { describe, it } from "vitest";
import { needsReload, resolveRunnerOptions } from "../../../agent/src/simulate/machine/runner-options.ts";
import { versionRules } from "../../../agent/src/simulate/machine/version-rules.ts";
import { MODELS } from "../../../agent/src/simulate/models.ts";
import { type GuardInput, guardContext } from "../../../worker/rewrite/context-guard.ts";
import type { ServedFacts } from "../../../worker/rewrite/served-facts.ts";
import { served } from "./facts.ts";

function guard(changes: Partial<GuardInput> = {}, facts: Partial<ServedFacts> = {}) {
	return guardContext({
		policy: "strip",
		native: true,
		asked: "absent",
		served: served(facts),
		override: undefined,
		promptTokens: 100,
		...changes,
	});
}

describe("a num_ctx below the resident context", () => {
	it("becomes the resident one", ({ expect }) => {
		expect(guard({ asked: 4096 })).toMatchObject({ setNumCtx: 8192, rewrote: ["num_ctx 4096 -> 8192 (resident)"], warnings: [] });
	});

	it("is kept with a warning where the owner wants no change", ({ expect }) => {
		const { setNumCtx, warnings } = guard({ asked: 4096, policy: "warn" });
		expect(setNumCtx).toBeUndefined();
		expect(warnings).toEqual(["num_ctx 4096 reloads qwen3:8b, which runs with 8192"]);
	});

	it("is nobody's business under passthrough", ({ expect }) => {
		expect(guard({ asked: 4096, policy: "passthrough", override: 16_384 })).toMatchObject({ setNumCtx: undefined, warnings: [] });
	});
});

describe("a num_ctx that nothing is known against", () => {
	it.for([
		["equals the running one", { asked: 8192 }, {}],
		["meets a cold model", { asked: 4096 }, { residentContext: "none" }],
		["meets two runners with different contexts", { asked: 4096, override: 8192 }, { residentContext: "unknown" }],
		["is no number", { asked: "unreadable" }, {}],
		["came by /v1, which ignores it", { asked: 4096, native: false }, {}],
	] as const)("stays when it %s", ([, changes, facts], { expect }) => {
		expect(guard(changes, facts)).toEqual({
			setNumCtx: undefined,
			rewrote: [],
			warnings: [],
			overflow: undefined,
		});
	});
});

describe("an absent num_ctx", () => {
	it("becomes the resident context where that was asked for and is more than the default", ({ expect }) => {
		expect(guard()).toMatchObject({ setNumCtx: 8192, rewrote: ["num_ctx absent -> 8192 (resident)"] });
	});

	it.for([
		["the model runs with its default", { residentContext: 4096 }],
		["it would shrink the context", { residentContext: 2048 }],
		["the default can't be told", { defaultContext: undefined }],
	] as const)("stays absent where %s", ([, facts], { expect }) => {
		expect(guard({}, facts).setNumCtx).toBeUndefined();
	});

	it("only warns under warn", ({ expect }) => {
		expect(guard({ policy: "warn" })).toMatchObject({
			setNumCtx: undefined,
			warnings: ["no num_ctx may reload qwen3:8b, which runs with 8192"],
		});
	});

	it("takes the owner's override, cold or when more is needed, else the resident context", ({ expect }) => {
		const override = 16_384;
		expect(guard({ override }, { residentContext: "none" })).toMatchObject({
			setNumCtx: override,
			rewrote: ["num_ctx absent -> 16384 (override)"],
		});
		expect(guard({ override }).setNumCtx).toBe(override);
		expect(guard({ override }, { residentContext: 32_768 }).setNumCtx).toBe(32_768);
		expect(guard({ override, asked: 4096 }).setNumCtx).toBe(8192);
	});
});

describe("a num_ctx above the resident context", () => {
	it("is kept, and says that it reloads", ({ expect }) => {
		expect(guard({ asked: 65_536 })).toMatchObject({
			setNumCtx: undefined,
			rewrote: [],
			warnings: ["num_ctx 65536 reloads qwen3:8b, which runs with 8192"],
		});
	});

	it("is no reload when the model can't use more than it has", ({ expect }) => {
		expect(guard({ asked: 65_536 }, { trainedContext: 8192 }).warnings).toEqual([]);
	});
});

describe("the overflow", () => {
	it("is told on every route, against the context the request will run with", ({ expect }) => {
		expect(guard({ native: false, promptTokens: 9000 }).overflow).toBe("estimated_tokens=9000; context_length=8192");
		expect(guard({ asked: 4096, promptTokens: 5000 }).overflow).toBeUndefined();
		expect(guard({ asked: 4096, promptTokens: 5000, policy: "warn" }).overflow).toBe("estimated_tokens=5000; context_length=4096");
		expect(guard({ asked: 16_384, promptTokens: 9000 }).overflow).toBeUndefined();
		expect(guard({ asked: 99_999, promptTokens: 50_000 }).overflow).toBe("estimated_tokens=50000; context_length=40960");
	});

	it("is not guessed for a cold model", ({ expect }) => {
		expect(guard({ promptTokens: 1e6 }, { residentContext: "none" }).overflow).toBeUndefined();
	});
});

describe("against Ollama's own reload rules", () => {
	const model = MODELS.get("qwen2.5:7b");
	const LOADED_WITH = [undefined, 2048, 4096, 8192, 16_384, 32_768];
	const ASKED = [undefined, 2048, 4096, 8192, 16_384, 32_768, 65_536];

	it.for(["0.24.0", "0.32.15"])("%s never shrinks a context, and what was made harmless reloads nothing", (version, { expect }) => {
		if (!model) throw new Error("The simulator lost its model");
		const rules = versionRules(version);
		for (const automaticContext of [4096, 32_768]) {
			for (const load of LOADED_WITH) {
				for (const asked of ASKED) {
					const context = load ?? automaticContext;
					const running = { asked: resolveRunnerOptions(model, ask(load), undefined), context, automaticContext };
					const facts = { residentContext: context, defaultContext: automaticContext, trainedContext: model.trainedContext };
					const { setNumCtx } = guard({ asked: asked ?? "absent" }, facts);
					const reloads = needsReload(running, resolveRunnerOptions(model, ask(setNumCtx ?? asked), undefined), model, rules);
					const told = `loaded ${load}, asked ${asked}, automatic ${automaticContext}, sent ${setNumCtx}`;
					const wanted = asked ?? automaticContext;
					if (wanted <= context) expect(reloads, told).toBe(false);
					if (setNumCtx !== undefined) expect(setNumCtx, told).toBeGreaterThanOrEqual(wanted);
				}
			}
		}
	});
});

function ask(numCtx: number | undefined) {
	return { options: numCtx === undefined ? {} : { num_ctx: numCtx } };
}
