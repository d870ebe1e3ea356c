import { describe, it } from "vitest";
import { mayBePulled } from "../../../../worker/fleet/auto-pull/may-be-pulled.ts";
import { Registry } from "../../../../worker/fleet/auto-pull/registry.ts";
import { registryName } from "../../../../worker/fleet/auto-pull/registry-name.ts";
import { GB } from "../../build-node.ts";
import { ScriptedNetwork } from "./scripted-network.ts";

function open(manifests: Record<string, number> | undefined) {
	const clock = { now: 0 };
	const network = new ScriptedNetwork();
	network.manifests = manifests;
	const registry = new Registry({ url: "http://registry.test/", send: network.send, now: () => clock.now });
	const judge = (asked: string, maxGb = 20) => mayBePulled(asked, { registry, maxGb });
	return { clock, network, judge };
}

describe("a name for the registry", () => {
	it.for([
		["llama3.2", "library/llama3.2", "latest", "llama3.2"],
		["registry.ollama.ai/library/Llama3.2:3b-Q4_K_M", "library/Llama3.2", "3b-Q4_K_M", "library/Llama3.2:3b-Q4_K_M"],
		["someone/model:7b", "someone/model", "7b", "someone/model:7b"],
	] as const)("reads %s", ([asked, repository, tag, pullAs], { expect }) => {
		expect(registryName(asked)).toEqual({ repository, tag, pullAs });
	});

	it.for(["", "hf.co/someone/model:Q4", "a:b:c", "../../etc/passwd", "..:latest", "a b", "model?x=1", "é", "x".repeat(100)])(
		"is not %s",
		(asked, { expect }) => {
			expect(registryName(asked)).toBeUndefined();
		},
	);
});

describe("whether a model may be pulled", () => {
	it("is said by the registry, which knows the size today", async ({ expect }) => {
		const { judge } = open({ "library/brand-new:7b": 4 * GB, "library/llama3.2:latest": 2.5 * GB });
		expect(await judge("brand-new:7b")).toEqual({ kind: "allowed", pullAs: "brand-new:7b", sizeBytes: 4 * GB });
		expect(await judge("LLAMA3.2")).toMatchObject({ kind: "denied", why: "the registry does not have it" });
		expect(await judge("llama3.2")).toEqual({ kind: "allowed", pullAs: "llama3.2", sizeBytes: 2.5 * GB });
	});

	it("is said by the catalogue while the registry can't be reached", async ({ expect }) => {
		const { judge } = open(undefined);
		expect(await judge("LLAMA3.2")).toEqual({ kind: "allowed", pullAs: "llama3.2", sizeBytes: 2019392628 });
		expect(await judge("brand-new:7b")).toMatchObject({ kind: "denied", why: expect.stringContaining("registry can't be reached") });
	});

	it("is no for what is too large, of another host, or a cloud's", async ({ expect }) => {
		const { judge, network } = open({ "library/llama3.3:70b": 42.5 * GB });
		expect(await judge("llama3.3:70b")).toEqual({
			kind: "denied",
			why: "at 42.5 GB it is over the limit of 20 GB (FLEET_AUTO_PULL_MAX_GB)",
		});
		expect(await judge("llama3.3:70b", 50)).toMatchObject({ kind: "allowed" });
		expect(await judge("hf.co/someone/model:Q4")).toMatchObject({ kind: "denied" });
		expect(await judge("gpt-oss:120b-cloud")).toMatchObject({ kind: "denied", why: expect.stringContaining("cloud") });
		expect(network.looked).toEqual(["/v2/library/llama3.3/manifests/70b"]);
	});
});

describe("the registry", () => {
	it("is asked once for a name, by however many, and again after a minute", async ({ expect }) => {
		const { judge, network, clock } = open({});
		await Promise.all([judge("nothing:1b"), judge("nothing:1b")]);
		await judge("nothing:1b");
		expect(network.looked.length).toBe(1);
		clock.now = 61_000;
		await judge("nothing:1b");
		expect(network.looked.length).toBe(2);
	});

	it("is left alone for a minute once it did not answer", async ({ expect }) => {
		const { judge, network, clock } = open(undefined);
		for (const name of ["a:1", "b:1", "c:1"]) expect((await judge(name)).kind).toBe("denied");
		expect(network.looked.length).toBe(1);
		network.manifests = { "library/b:1": 1 * GB };
		clock.now = 61_000;
		expect((await judge("b:1")).kind).toBe("allowed");
	});

	it.for([
		["an error", () => new Response("no", { status: 500 })],
		["a redirect", () => new Response(null, { status: 302, headers: { location: "http://elsewhere.test/" } })],
		["another form", () => new Response("<html>")],
	] as const)("counts as away when it answers with %s", async ([, answer], { expect }) => {
		const registry = new Registry({ url: "http://registry.test", send: async () => answer(), now: () => 0 });
		expect(await registry.sizeOf({ repository: "library/a", tag: "b", pullAs: "a:b" })).toEqual({ kind: "unreachable" });
	});
});
