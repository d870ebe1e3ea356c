import { describe, it } from "vitest";
import { earlyFormOf, keepAlive } from "../../../worker/dispatch/early/early-form.ts";
import { KeptFailures, repeatKey } from "../../../worker/dispatch/early/kept-failures.ts";
import { refusalIn } from "../../../worker/dispatch/early/refusal-in.ts";
import { within } from "../../../worker/dispatch/early/within.ts";
import { parseRequest } from "../../../worker/dispatch/parse-request.ts";
import { ENDPOINTS } from "../../../worker/dispatch/endpoints.ts";
import { dialectOf } from "../../../worker/errors.ts";

const ABOUT = { id: "id-1", model: "tiny", at: 0 };

function formOf(path: string, fields: object, contentType = "application/json") {
	const endpoint = ENDPOINTS[path];
	if (!endpoint) throw new Error(`No route: ${path}`);
	const isForm = contentType.startsWith("multipart");
	const body = new TextEncoder().encode(isForm ? 'name="model"\r\n\r\ntiny\r\n' : JSON.stringify({ model: "tiny", ...fields }));
	const headers = new Headers({ "content-type": contentType });
	return earlyFormOf(parseRequest({ id: "id-1", path, endpoint, dialect: dialectOf(path), body, headers, arrivedAt: 0, secret: "" }));
}

describe("the form of an early answer", () => {
	it("is that of the answer the client asked for", ({ expect }) => {
		expect(formOf("/api/chat", {})?.contentType).toBe("application/x-ndjson");
		expect(formOf("/api/chat", { stream: false })?.contentType).toBe("application/json; charset=utf-8");
		expect(formOf("/v1/chat/completions", {})?.contentType).toBe("application/json");
		expect(formOf("/v1/messages", { stream: true })?.contentType).toBe("text/event-stream");
		expect(formOf("/v1/embeddings", {})).toEqual({ contentType: "application/json", stream: undefined });
	});

	it("is none for forms, and for streams that nobody knows", ({ expect }) => {
		expect(formOf("/v1/audio/transcriptions", {}, "multipart/form-data; boundary=x")).toBeUndefined();
		expect(formOf("/v1/images/generations", { stream: true })).toBeUndefined();
	});

	it("counts once a minute where only chunks count", ({ expect }) => {
		const form = formOf("/v1/chat/completions", { stream: true });
		if (!form) throw new Error("No form");
		const hasChunk = Array.from({ length: 13 }, (_, count) => keepAlive(form, ABOUT, { count, everyMs: 10_000 }).includes("data: "));
		expect(hasChunk.flatMap((has, count) => (has ? [count] : []))).toEqual([0, 6, 12]);
	});

	it("brings news where its API passes comments over, and only there", ({ expect }) => {
		const beat = { count: 1, everyMs: 10_000 };
		const heard = (path: string, fields: object) => {
			const form = formOf(path, fields);
			return form && keepAlive(form, ABOUT, beat, "tiny is being pulled");
		};
		expect(heard("/v1/chat/completions", { stream: true })).toBe(": waiting for the model\n\n: tiny is being pulled\n\n");
		expect(heard("/v1/messages", { stream: true })).toMatch(/\n\n: tiny is being pulled\n\n$/);
		expect(heard("/v1/responses", { stream: true })).toMatch(/\n\n: tiny is being pulled\n\n$/);
		expect(heard("/api/chat", {})).toBe(" ");
		expect(heard("/v1/chat/completions", {})).toBe(" ");
	});

	it("is blanks before one JSON object", ({ expect }) => {
		const form = formOf("/api/embed", { input: "x" });
		expect(form && keepAlive(form, ABOUT, { count: 0, everyMs: 1 })).toBe(" ");
	});
});

describe("the words of an answer that came too late", () => {
	it.for([
		['{"error":"it hurts"}', { message: "it hurts" }],
		[
			'{"error":{"message":"it hurts","type":"not_found_error","param":null,"code":null}}\n',
			{ message: "it hurts", type: "not_found_error" },
		],
		['{"type":"error","error":{"type":"overloaded_error","message":"it hurts"}}', { message: "it hurts", type: "overloaded_error" }],
		["plain words\n", { message: "plain words" }],
		["", { message: "the node answered 502 without a word" }],
	] as const)("are found in %s", ([text, words], { expect }) => {
		expect(refusalIn(502, text)).toEqual({ status: 502, ...words });
	});
});

describe("failures kept for repeats", () => {
	const FAILURE = { status: 503, contentType: "application/json", retryAfter: "5", body: "{}" };
	const request = (fields: { path?: string; key?: string; body?: string } = {}) => ({
		path: fields.path ?? "/api/chat",
		headers: new Headers({ authorization: `Bearer ${fields.key ?? "one"}` }),
		body: new TextEncoder().encode(fields.body ?? "body"),
	});

	it("are given twice, which is how often a client repeats", async ({ expect }) => {
		const kept = new KeptFailures();
		kept.keep(await repeatKey(request(), "secret"), FAILURE, 0);
		const found = [];
		for (let turn = 0; turn < 3; turn++) found.push(await kept.find(request(), "secret", 1));
		expect(found).toEqual([FAILURE, FAILURE, undefined]);
	});

	it("are given to no other request, and to nobody after a minute", async ({ expect }) => {
		const kept = new KeptFailures();
		kept.keep(await repeatKey(request(), "secret"), FAILURE, 0);
		for (const other of [{ path: "/api/generate" }, { key: "two" }, { body: "other" }])
			expect(await kept.find(request(other), "secret", 1)).toBeUndefined();
		expect(await kept.find(request(), "secret", 60_000)).toBeUndefined();
	});

	it("are only so many", async ({ expect }) => {
		const kept = new KeptFailures();
		kept.keep(await repeatKey(request(), "secret"), FAILURE, 0);
		for (let other = 0; other < 200; other++) kept.keep(String(other), FAILURE, 0);
		expect(await kept.find(request(), "secret", 1)).toBeUndefined();
	});
});

describe("a promise within a time", () => {
	it("is what it resolves to, or undefined", async ({ expect }) => {
		expect(await within(Promise.resolve(7), 60_000)).toBe(7);
		expect(await within(new Promise(() => undefined), 1)).toBeUndefined();
	});
});
