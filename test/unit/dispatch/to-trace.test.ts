import { describe, it } from "vitest";
import type { ParsedRequest } from "../../../worker/dispatch/parse-request.ts";
import { type Course, type Ending, toOutcome } from "../../../worker/dispatch/to-trace.ts";
import type { Granted } from "../../../worker/fleet/grant.ts";
import { TraceSchema } from "../../../worker/protocol/trace.ts";
import { request } from "../build-node.ts";

const GRANT: Granted = {
	kind: "granted",
	nodeId: "alpha",
	doorUrl: "http://x",
	secret: "s",
	model: "llama3.1:8b",
	reason: "hot-idle",
	breakdown: {
		thermal: 50,
		memory_fit: 20,
		queue_depth: 0,
		wait_time: 0,
		role_affinity: 9,
		availability_trend: 0,
		context_fit: 0,
		total: 79,
	},
	resident: true,
	knownTokens: 0,
	because: "",
	facts: {
		model: "llama3.1:8b",
		nodeId: "alpha",
		residentContext: 8192,
		defaultContext: 4096,
		trainedContext: undefined,
		capabilities: undefined,
		ollamaVersion: "0.32.15",
	},
};
const DONE = '{"done":true,"done_reason":"stop","load_duration":3000000,"prompt_eval_count":5,"eval_count":7,"eval_duration":400000000}\n';

const toTrace = (...given: Parameters<typeof toOutcome>) => toOutcome(...given).trace;

const asked = (facts: Partial<ParsedRequest> = {}): ParsedRequest => ({
	...request({ arrivedAt: 1000 }),
	stream: true,
	body: new Uint8Array(),
	decoded: undefined,
	text: "",
	...facts,
});
const course = (ending: Ending, facts: Partial<Course> = {}): Course => ({
	attempts: [],
	failures: [],
	queueMs: 30,
	endedAt: 2000,
	ending,
	...facts,
});

function answered(
	facts: { status?: number; tail?: string; end?: "complete" | "client-gone" | "node-died"; contentType?: string } = {},
): Ending {
	const { status = 200, tail = DONE, end = "complete", contentType = "application/x-ndjson" } = facts;
	return {
		kind: "answered",
		grant: GRANT,
		rewrote: [],
		status,
		contentType,
		sentAt: 1100,
		firstByteAt: 1250,
		stream: { end, bytes: tail.length, tail },
	};
}

describe("a trace", () => {
	it("tells a streamed answer from arrival to its last byte, with the node's counters and the choice", ({ expect }) => {
		expect(toTrace(asked(), course(answered()))).toMatchObject({
			status: "completed",
			node_id: "alpha",
			latency_ms: 1000,
			time_to_first_token_ms: 250,
			prompt_tokens: 5,
			completion_tokens: 7,
			queue_ms: 30,
			load_ms: 3,
			score: 79,
			reason: "hot-idle",
			finish_reason: "stop",
			retry_count: 0,
			timestamp: 2,
		});
	});

	it("takes the first token of an answer that came whole from its counters, or leaves it unknown", ({ expect }) => {
		const whole = asked({ stream: false });
		expect(toTrace(whole, course(answered({ contentType: "application/json" }))).time_to_first_token_ms).toBe(600);
		expect(toTrace(whole, course(answered({ contentType: "application/json", tail: "{}" }))).time_to_first_token_ms).toBeNull();
	});

	it.for([
		["a stream that ended without its last line is incomplete", { tail: '{"done":false}\n' }, "incomplete"],
		["a stream that ended in an error line failed", { tail: '{"error":"out of memory"}\n' }, "failed"],
		["a node that broke off failed", { end: "node-died", tail: '{"done":false}\n' }, "failed"],
		["a client that left is not the node's failure", { end: "client-gone", tail: '{"done":false}\n' }, "client_disconnected"],
		["a client that hangs up on the last line has the whole answer", { end: "client-gone" }, "completed"],
		[
			"a client that leaves during one JSON body does not",
			{ end: "client-gone", tail: "{", contentType: "application/json" },
			"client_disconnected",
		],
		["an answer without a token is no output", { tail: DONE.replace('"eval_count":7', '"eval_count":0') }, "no_output"],
		["a refusal by Ollama failed", { status: 400, tail: '{"error":"no"}', contentType: "application/json" }, "failed"],
	] as const)("%s", ([, facts, status], { expect }) => {
		expect(toTrace(asked(), course(answered(facts))).status).toBe(status);
	});

	it("keeps the last choice and the first failure of a request that every node failed", ({ expect }) => {
		const failures = [
			{ grant: { ...GRANT, nodeId: "beta" }, failure: { kind: "timeout" as const, message: "it gave no first byte in time" } },
			{ grant: GRANT, failure: { kind: "door-lost" as const, message: "lost" } },
		];
		const attempts = [
			{ node_id: "beta", failure: "timeout", duration_ms: 1 },
			{ node_id: "alpha", failure: "door-lost", duration_ms: 1 },
		];
		expect(toTrace(asked(), course({ kind: "exhausted" }, { failures, attempts }))).toMatchObject({
			status: "failed",
			node_id: "alpha",
			score: 79,
			retry_count: 1,
			excluded_nodes: ["beta", "alpha"],
			error_message: "beta: it gave no first byte in time",
		});
	});

	it("marks what no node was asked to do as rejected", ({ expect }) => {
		const refused = { kind: "unknown-model" as const, model: "x:latest", nearest: [], nodesTotal: 1 };
		expect(toTrace(asked(), course({ kind: "refused", refused }))).toMatchObject({ status: "rejected", node_id: "", score: null });
		expect(toTrace(asked(), course({ kind: "invalid", message: "missing request body" }))).toMatchObject({ status: "rejected" });
	});

	it("never keeps what a client wrote: quoted words are cut out of errors, and errors are short", ({ expect }) => {
		const tail = JSON.stringify({ error: `option "my secret prompt" must be of type integer ${"x".repeat(500)}` });
		const { error_message: message } = toTrace(asked(), course(answered({ status: 500, tail, contentType: "application/json" })));
		expect(message).toMatch(/^Ollama answered 500: option … must be of type integer/);
		expect(message).not.toContain("secret");
		expect(message?.length).toBeLessThanOrEqual(200);
	});

	it("always fits the schema it is read back with", ({ expect }) => {
		for (const ending of [
			answered(),
			{ kind: "exhausted" },
			{ kind: "client-gone", granted: undefined },
			{ kind: "broken", message: "x" },
		] as Ending[]) {
			expect(TraceSchema.safeParse(toTrace(asked(), course(ending))).success).toBe(true);
		}
	});
});
