import { describe, it } from "vitest";
import { compare } from "./compare.ts";
import type { RawResponse } from "./raw-client.ts";
import type { Recording } from "./recording.ts";

const LINE = '{"model":"tiny","created_at":"2026-11-23T17:28:37.8Z","response":" a","done":false}\n';
const LAST = '{"model":"tiny","created_at":"2026-11-23T17:28:38Z","response":"","done":true,"done_reason":"stop","eval_count":2}\n';

function stream(chunks: string[], changes: Partial<RawResponse> = {}): RawResponse {
	const headers: [string, string][] = [
		["Content-Type", "application/x-ndjson"],
		["Date", "Mon, 23 Nov 2026 17:28:37 GMT"],
		["Transfer-Encoding", "chunked"],
	];
	return { version: "HTTP/1.1", status: 200, statusText: "OK", headers, framing: "chunked", chunks, end: "clean", ...changes };
}

function recorded(response: RawResponse): Recording {
	const chunks = response.chunks.map((text) => ({ text }));
	return { case: "x", before: [], request: { method: "POST", path: "/", headers: [] }, response: { ...response, chunks } };
}

const RECORDING = recorded(stream([LINE, LINE, LAST]));

function aspects(got: RawResponse): string[] {
	return compare(RECORDING, got).map(({ aspect }) => aspect);
}

describe("the comparison with a recording", () => {
	it("takes other texts, times and numbers of tokens for equal", ({ expect }) => {
		expect(aspects(stream([LINE.replace(" a", " other"), LINE, LINE, LINE, LAST.replace("2}", "4}")]))).toEqual([]);
	});

	it("sees another order of keys, a missing key, another fixed value", ({ expect }) => {
		expect(aspects(stream(['{"created_at":"x","model":"tiny","response":" a","done":false}\n', LAST]))).toEqual(["body"]);
		expect(aspects(stream([LINE, LAST.replace(',"eval_count":2', "")]))).toEqual(["body"]);
		expect(aspects(stream([LINE, LAST.replace("stop", "length")]))).toEqual(["body"]);
	});

	it("sees two lines in one chunk", ({ expect }) => {
		expect(aspects(stream([LINE + LINE, LAST]))).toEqual(["body"]);
	});

	it("sees another order or spelling of headers", ({ expect }) => {
		const { headers } = stream([]);
		expect(aspects(stream([LINE, LAST], { headers: headers.toReversed() }))).toEqual(["headers"]);
		expect(aspects(stream([LINE, LAST], { headers: headers.map(([name, value]) => [name.toLowerCase(), value]) }))).toContain("headers");
	});

	it("sees a body that was cut, and another status", ({ expect }) => {
		expect(aspects(stream([LINE, LAST], { end: "cut" }))).toEqual(["end"]);
		expect(aspects(stream([LINE, LAST], { status: 500, statusText: "Internal Server Error" }))).toEqual(["status"]);
	});

	it("forgives other framing and another order of headers behind a relay, not other words", ({ expect }) => {
		const headers: [string, string][] = [["content-type", "application/x-ndjson"]];
		const relayed = (chunks: string[]) => compare(RECORDING, stream(chunks, { headers }), "relayed").map(({ aspect }) => aspect);
		expect(relayed([LINE + LINE.slice(0, 20), LINE.slice(20) + LAST])).toEqual([]);
		expect(relayed([LINE + LAST.replace("stop", "length")])).toEqual(["body"]);
	});

	it("compares error texts word by word, but for counts and hashes", ({ expect }) => {
		const error = (text: string) =>
			stream([JSON.stringify({ error: text })], { headers: [["Content-Type", "application/json"]], framing: "content-length" });
		const both = (one: string, other: string) => compare(recorded(error(one)), error(other)).map(({ aspect }) => aspect);
		expect(both("model 'a' not found", "model 'b' not found")).toEqual(["body"]);
		expect(both("request (401 tokens) exceeds", "request (12 tokens) exceeds")).toEqual([]);
	});
});
