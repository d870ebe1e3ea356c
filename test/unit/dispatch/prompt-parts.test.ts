import { describe, it } from "vitest";
import { promptParts } from "../../../worker/dispatch/prompt-parts.ts";
import { InferenceBodySchema } from "../../../worker/protocol/inference.ts";
import { chainMarks } from "../../../worker/routing/rule/prefix-marks.ts";

const parts = (body: object, path = "/api/chat") => promptParts(InferenceBodySchema.parse({ model: "m", ...body }), path);
const marks = (body: object, path = "/api/chat") => chainMarks(parts(body, path), "s").map(({ hash }) => hash);
const user = (content: unknown) => ({ role: "user", content });

describe("the parts of a prompt", () => {
	it("are its messages, whichever API they came by", ({ expect }) => {
		const chat = parts({ messages: [{ role: "system", content: "Be terse" }, user("Hello")] });
		expect(chat.map(({ role, text }) => [role, text])).toEqual([
			["system", "Be terse"],
			["user", "Hello"],
		]);
		const messages = parts({ system: "Be terse", messages: [user("Hello")] }, "/v1/messages");
		expect(messages.map(({ text }) => text)).toEqual(["Be terse", "Hello"]);
		const responses = parts({ instructions: "Be terse", input: [user("Hello")] }, "/v1/responses");
		expect(responses.map(({ text }) => text)).toEqual(["Be terse", "Hello"]);
		expect(parts({ system: "Be terse", prompt: "Hello" }, "/api/generate").map(({ text }) => text)).toEqual(["Be terse", "Hello"]);
		expect(parts({ input: "Hello" }, "/v1/responses").map(({ text }) => text)).toEqual(["Hello"]);
	});

	it.for([
		["other tools", { tools: [{ name: "a" }] }, { tools: [{ name: "b" }] }],
		["another image", { images: ["aa"] }, { images: ["bb"] }],
		["another call of a tool", { tool_calls: [1] }, { tool_calls: [2] }],
	] as const)("tell %s apart", ([, one, other], { expect }) => {
		const body = (extra: object) => ("tools" in extra ? { messages: [user("x")], ...extra } : { messages: [{ ...user("x"), ...extra }] });
		expect(marks(body(one))).not.toEqual(marks(body(other)));
	});

	it("go on where the conversation went before", ({ expect }) => {
		const first = [user("one"), { role: "assistant", content: "two" }];
		expect(marks({ messages: [...first, user("three")] }).slice(0, 2)).toEqual(marks({ messages: first }));
	});

	it("count about as many tokens as the prompt's estimate, images' bytes left out", ({ expect }) => {
		const [part] = parts({ messages: [{ ...user("x".repeat(400)), images: ["y".repeat(100_000)] }] });
		expect(part?.tokens).toBe(104);
	});

	it("are none for vectors, which nothing remembers", ({ expect }) => {
		expect(parts({ input: "x" }, "/api/embed")).toEqual([]);
		expect(parts({ input: "x" }, "/v1/embeddings")).toEqual([]);
	});

	it("survive a body that is nested without end", ({ expect }) => {
		let deep: unknown = "x";
		for (let depth = 0; depth < 100_000; depth++) deep = [deep];
		expect(parts({ messages: [user(deep)] })).toHaveLength(1);
	});
});
