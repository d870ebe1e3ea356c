import { describe, it } from "vitest";
import { readKey, removeKey, setKey } from "../../../worker/rewrite/json-edit.ts";
import { pick, randomValue, seeded, textOf, writtenObject } from "./random-json.ts";

describe("setting a key", () => {
	it.for([
		["replaces in place", '{"a": 1, "model" : "x" , "b":2}', ["model"], '{"a": 1, "model" : "y" , "b":2}'],
		["appends where it is missing", '{"a":1 }', ["model"], '{"a":1,"model":"y" }'],
		["fills an empty object", "{ }", ["model"], '{"model":"y" }'],
		["makes missing parents", '{"a":1}', ["options", "num_ctx"], '{"a":1,"options":{"num_ctx":"y"}}'],
		["reaches into an object", '{"options":{"seed":1},"z":0}', ["options", "num_ctx"], '{"options":{"seed":1,"num_ctx":"y"},"z":0}'],
		["takes a null parent for a missing one", '{"options":null}', ["options", "num_ctx"], '{"options":{"num_ctx":"y"}}'],
		["leaves a parent of another kind to Ollama", '{"options":"none"}', ["options", "num_ctx"], '{"options":"none"}'],
		["knows a key in any case at the top", '{"MoDeL":"x"}', ["model"], '{"MoDeL":"y"}'],
		["knows the letters Go folds", '{"think\u017f":1,"\u212aeep_alive":2}', ["keep_alive"], '{"think\u017f":1,"\u212aeep_alive":"y"}'],
		["minds the case inside a map", '{"options":{"NUM_CTX":1}}', ["options", "num_ctx"], '{"options":{"NUM_CTX":1,"num_ctx":"y"}}'],
		["knows an escaped key", '{"mod\\u0065l":"x"}', ["model"], '{"mod\\u0065l":"y"}'],
		["leaves one of a repeated key, in the last place", '{"model":"a","b":1,"MODEL":"c"}', ["model"], '{"b":1,"MODEL":"y"}'],
		["edits the last of repeated parents", '{"options":{"a":1},"options":{}}', ["options", "a"], '{"options":{"a":1},"options":{"a":"y"}}'],
		["does not look into strings", '{"a":"{\\"model\\":1}","model":"x"}', ["model"], '{"a":"{\\"model\\":1}","model":"y"}'],
		["does not look into lists", '{"a":[{"model":"x"}]}', ["model"], '{"a":[{"model":"x"}],"model":"y"}'],
		["keeps what follows the first value", '{"model":"x"}\n{"model":"z"} junk', ["model"], '{"model":"y"}\n{"model":"z"} junk'],
		["leaves a text that is no object", '["model"]', ["model"], '["model"]'],
	] as const)("%s", ([, text, path, expected], { expect }) => {
		expect(setKey(text, path, '"y"')).toBe(expected);
	});
});

describe("removing a key", () => {
	it.for([
		["the only one", '{ "a": 1 }', ["a"], "{  }"],
		["the first", '{ "a": 1, "b": 2 }', ["a"], '{ "b": 2 }'],
		["one in the middle", '{"a":1, "b":2 ,"c":3}', ["b"], '{"a":1, "c":3}'],
		["the last", '{"a":1 , "b":[{}] }', ["b"], '{"a":1 }'],
		["every repetition", '{"b":1,"a":2,"B":3}', ["b"], '{"a":2}'],
		["a nested one", '{"metadata":{"tags":["x"],"user_id":"u"}}', ["metadata", "tags"], '{"metadata":{"user_id":"u"}}'],
		["a nested one in every repeated parent", '{"m":{"t":1,"u":2},"m":{"t":3}}', ["m", "t"], '{"m":{"u":2},"m":{}}'],
	] as const)("takes %s with its comma", ([, text, path, expected], { expect }) => {
		expect(removeKey(text, path)).toBe(expected);
	});

	it("hands back the very text when there is nothing to remove", ({ expect }) => {
		const text = '{"model":"x","options":{"fallback":true}}';
		expect(removeKey(text, ["fallback"])).toBe(text);
		expect(removeKey(text, ["metadata", "tags"])).toBe(text);
	});
});

describe("a key repeated thousands of times", () => {
	const many = (member: string) => `{${`${member},`.repeat(20_000)}"z":0}`;

	it("is handled in one pass", ({ expect }) => {
		expect(removeKey(many('"b":1'), ["b"])).toBe('{"z":0}');
		expect(removeKey(many('"z":1'), ["z"])).toBe("{}");
		expect(removeKey(many('"a":1,"b":2'), ["b"])).toBe(many('"a":1'));
		expect(removeKey(many('"m":{"t":1,"u":2}'), ["m", "t"])).toBe(many('"m":{"u":2}'));
		expect(setKey(many('"b":1'), ["b"], "2")).toBe('{"b":2,"z":0}');
		expect(setKey(many('"b":null'), ["b", "c"], "2")).toBe('{"b":{"c":2},"z":0}');
	});
});

describe("reading a key", () => {
	it("reads what Ollama reads: the last one, and repeated maps as one", ({ expect }) => {
		expect(readKey('{"model":"a","Model":"b","model":"c"}', ["model"])).toBe('"c"');
		expect(readKey('{"options":{"a":1,"b":2},"options":{"b": 3 }}', ["options", "a"])).toBe("1");
		expect(readKey('{"options":{"a":1,"b":2},"options":{"b": 3 }}', ["options", "b"])).toBe("3");
		expect(readKey('{"options":{"a":1},"options":null}', ["options", "a"])).toBeUndefined();
	});
});

const KEYS = ["model", "options", "messages", "keep_alive", "prompt", 'odd "key"', "schlüssel"] as const;

describe("any text", () => {
	it("changes by a set exactly as its parsed value does, and nowhere else", ({ expect }) => {
		for (let seed = 1; seed <= 3000; seed++) {
			const random = seeded(seed);
			const written = writtenObject(random, KEYS, { distinct: true, depth: 3 });
			const [text, key, value] = [textOf(written), pick(random, KEYS), randomValue(random, 1)];
			const edited = setKey(text, [key], value);
			expect(JSON.parse(edited), text).toEqual({ ...(JSON.parse(text) as object), [key]: JSON.parse(value) as unknown });
			const member = written.members.find(({ keyText }) => JSON.parse(keyText) === key);
			if (member) {
				const spaceBehind = /\s*$/.exec(member.valueText)?.[0] ?? "";
				member.valueText = value + spaceBehind;
				expect(edited).toBe(textOf(written));
			} else expect(withoutCommonEnds(text, edited), text).toBe("");
		}
	});

	it("changes by a nested set exactly as its parsed value does", ({ expect }) => {
		for (let seed = 1; seed <= 3000; seed++) {
			const random = seeded(seed);
			const outer = writtenObject(random, KEYS, { distinct: true, depth: 2 });
			const inner = textOf(writtenObject(random, ["num_ctx", "num_predict", "stop"], { distinct: true, depth: 1 }));
			const options = outer.members.find(({ keyText }) => JSON.parse(keyText) === "options");
			if (options) options.valueText = inner;
			const text = textOf(outer);
			const edited = setKey(text, ["options", "num_ctx"], "8192");
			const parsed = JSON.parse(text) as { options?: object };
			expect(JSON.parse(edited), text).toEqual({ ...parsed, options: { ...parsed.options, num_ctx: 8192 } });
			const before = options ? readKey(text, ["options", "num_ctx"]) : undefined;
			expect(withoutCommonEnds(text, edited).length, text).toBeLessThanOrEqual(before?.length ?? 0);
		}
	});

	it("loses by a removal exactly the key, however often it is there", ({ expect }) => {
		for (let seed = 1; seed <= 3000; seed++) {
			const random = seeded(seed);
			const text = textOf(writtenObject(random, ["model", "MODEL", "options", "a"], { distinct: false, depth: 2 }));
			const rest = Object.entries(JSON.parse(text) as object).filter(([key]) => key.toLowerCase() !== "model");
			expect(JSON.parse(removeKey(text, ["model"])), text).toEqual(Object.fromEntries(rest));
		}
	});

	it("has one effective value of a repeated key after a set", ({ expect }) => {
		for (let seed = 1; seed <= 1000; seed++) {
			const random = seeded(seed);
			const text = textOf(writtenObject(random, ["model", "Model", "options"], { distinct: false, depth: 1 }));
			const edited = JSON.parse(setKey(text, ["model"], '"served"')) as object;
			expect(
				Object.entries(edited)
					.filter(([key]) => key.toLowerCase() === "model")
					.map(([, value]) => value as unknown),
				text,
			).toEqual(["served"]);
		}
	});
});

/** What is left of `before` between its longest common start and end with `after`: empty when only something was added. */
function withoutCommonEnds(before: string, after: string): string {
	let start = 0;
	while (start < before.length && before[start] === after[start]) start++;
	let end = 0;
	while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
	return before.slice(start, before.length - end);
}
