import { describe, it } from "vitest";
import { bodyFor } from "../../../worker/dispatch/body-for.ts";
import type { ParsedRequest } from "../../../worker/dispatch/parse-request.ts";
import type { Granted } from "../../../worker/fleet/grant.ts";
import { fromLatin1 } from "../../../worker/protocol/latin1.ts";
import { request } from "../build-node.ts";

const SETTINGS = {
	contextProtection: "strip" as const,
	keepAlive: "client",
	thinking: { overhead: 4, minPredict: 1024 },
	numCtxOverrides: {},
};
const breakdown = {
	thermal: 50,
	memory_fit: 20,
	queue_depth: 0,
	wait_time: 0,
	role_affinity: 0,
	availability_trend: 0,
	context_fit: 0,
	total: 70,
};

function granted(residentContext: number, model = "llama3.1:8b"): Granted {
	const facts = {
		model,
		nodeId: "a",
		residentContext,
		defaultContext: 4096,
		trainedContext: 131_072,
		capabilities: [],
		ollamaVersion: "0.32.15",
	};
	return {
		kind: "granted",
		nodeId: "a",
		doorUrl: "",
		secret: "",
		model,
		reason: "hot-idle",
		breakdown,
		resident: true,
		knownTokens: 0,
		because: "alias",
		facts,
	};
}

function asked(text: string, facts: Partial<ParsedRequest> = {}): ParsedRequest {
	const body = fromLatin1(text);
	return { ...request(), stream: true, body, decoded: body, text: new TextDecoder().decode(body), ...facts };
}

/** Half of a two-byte character, which no text holds. */
const BROKEN = "\xc3";

describe("the body for a node", () => {
	it("is the client's own, the very same bytes, when nothing has to change", ({ expect }) => {
		const given = asked(`{"model":"llama3.1:8b","prompt":"${BROKEN}"}  more behind`);
		expect(bodyFor(given, granted(4096), SETTINGS).body).toBe(given.body);
	});

	it("keeps every byte but the touched ones, text or not", ({ expect }) => {
		const given = asked(`{ "model":"llama3.1:8b",\n"prompt":"${BROKEN}","options":{"num_ctx":2048} }  more behind`);
		const sent = bodyFor(given, granted(8192), SETTINGS);
		expect(sent.body).toEqual(fromLatin1(`{ "model":"llama3.1:8b",\n"prompt":"${BROKEN}","options":{"num_ctx":8192} }  more behind`));
		expect(sent).toMatchObject({ numCtx: 8192, rewrote: ["num_ctx 2048 -> 8192 (resident)"] });
	});

	it("names the model that the node has, in characters that no encoding can change", ({ expect }) => {
		const given = asked('{"model":"größe"}', { model: "größe", path: "/v1/chat/completions" });
		const sent = bodyFor(given, granted(4096, "grün:8b"), SETTINGS);
		expect(new TextDecoder().decode(sent.body)).toBe('{"model":"gr\\u00fcn:8b"}');
	});
});
