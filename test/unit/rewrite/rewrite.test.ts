import { describe, it } from "vitest";
import { readFields } from "../../../worker/rewrite/body-fields.ts";
import { isTiedToModel, type RewriteInput, rewriteBody, rewroteHeader } from "../../../worker/rewrite/rewrite.ts";
import { served, SETTINGS } from "./facts.ts";

function rewrite(text: string, changes: Partial<RewriteInput> = {}) {
	return rewriteBody({
		text,
		path: "/api/chat",
		requestedModel: "qwen3:8b",
		served: served({ residentContext: 4096 }),
		servedBecause: "alias",
		promptTokens: 10,
		settings: SETTINGS,
		...changes,
	});
}

const thinker = served({ residentContext: 4096, capabilities: ["completion", "thinking"] });

describe("a body", () => {
	it.for(['{"model":"qwen3:8b" , "messages":[ ]}', '{"model":"QWEN3:8B","options":{"seed":1},"think":true}', "[1]", ""])(
		"that needs no change is handed on as it is: %s",
		(text, { expect }) => {
			const result = rewrite(text);
			expect(result.text).toBe(text);
			expect(result.rewrote).toEqual([]);
		},
	);

	it("is changed in one order, each change named, all else untouched", ({ expect }) => {
		const text = `{
  "mod\\u0065l": "claude-haiku-4-5",
  "messages": [{"role":"user", "content":"grüße 😀 \\ud83d"}], "fallback_models": ["x"],
  "options": { "num_ctx": 2048, "seed" : 1, "num_predict": 200 },
  "metadata": {"tags": ["a"]}
} trailing`;
		const { text: changed, rewrote } = rewrite(text, {
			requestedModel: "claude-haiku-4-5",
			served: thinker,
			settings: { ...SETTINGS, keepAlive: "30m" },
		});
		expect(changed).toBe(`{
  "mod\\u0065l": "qwen3:8b",
  "messages": [{"role":"user", "content":"grüße 😀 \\ud83d"}], "options": { "num_ctx": 4096, "seed" : 1, "num_predict": 1024 },"keep_alive":"30m"
} trailing`);
		expect(rewrote).toEqual([
			"fallback_models removed",
			"metadata removed",
			"num_ctx 2048 -> 4096 (resident)",
			"num_predict 200 -> 1024 (thinking)",
			'keep_alive absent -> "30m"',
			"model claude-haiku-4-5 -> qwen3:8b (alias)",
		]);
	});

	it("of /v1 loses the router's words and gets its model, nothing else", ({ expect }) => {
		const text = '{"model":"gpt-5","max_tokens":10,"options":{"num_ctx":2048,"num_predict":1},"fallback":false}';
		const { text: changed } = rewrite(text, {
			path: "/v1/chat/completions",
			requestedModel: "gpt-5",
			served: thinker,
			settings: { ...SETTINGS, keepAlive: "-1" },
		});
		expect(changed).toBe('{"model":"qwen3:8b","max_tokens":10,"options":{"num_ctx":2048,"num_predict":1}}');
	});

	it("is the same in the neutral profile, whatever it says", ({ expect }) => {
		const text = '{"model":"qwen3:8b","options":{"num_ctx":2048}}';
		expect(rewrite(text, { settings: { ...SETTINGS, contextProtection: "passthrough" } }).text).toBe(text);
	});
});

describe("the router's own fields", () => {
	it.for([
		['{"model":"qwen3:8b","metadata":{"tags":["a"],"user_id":"u"}}', '{"model":"qwen3:8b","metadata":{"user_id":"u"}}'],
		['{"Fallback":true,"FALLBACK_MODELS":null,"model":"qwen3:8b"}', '{"model":"qwen3:8b"}'],
		['{"metadata":{"tags":[]},"model":"qwen3:8b"}', '{"model":"qwen3:8b"}'],
		['{"model":"qwen3:8b","metadata":{}}', '{"model":"qwen3:8b","metadata":{}}'],
		[
			'{"model":"qwen3:8b","metadata":{"tags":"an OpenAI client\'s own"}}',
			'{"model":"qwen3:8b","metadata":{"tags":"an OpenAI client\'s own"}}',
		],
	])("of %s go", ([text = "", expected], { expect }) => {
		expect(rewrite(text).text).toBe(expected);
	});
});

describe("options", () => {
	it("of null or of another type are read as Ollama reads them", ({ expect }) => {
		const resident = served({ residentContext: 8192 });
		const changed = (text: string) => rewrite(text, { served: resident }).text;
		expect(changed('{"options":null}')).toBe('{"options":{"num_ctx":8192}}');
		expect(changed('{"options":{"num_ctx":null}}')).toBe('{"options":{"num_ctx":8192}}');
		expect(changed('{"options":{"num_ctx":2048.9}}')).toBe('{"options":{"num_ctx":8192}}');
		expect(changed('{"options":{"num_ctx":"2048"}}')).toBe('{"options":{"num_ctx":"2048"}}');
		expect(changed('{"options":[]}')).toBe('{"options":[]}');
		expect(changed('{"options":{"num_ctx":2048},"options":{"seed":1}}')).toBe(
			'{"options":{"num_ctx":2048},"options":{"seed":1,"num_ctx":8192}}',
		);
	});

	it("given twice are read as one", ({ expect }) => {
		const text = '{"options":{"num_ctx":2048,"seed":1},"options":{"seed":2}}';
		expect(rewrite(text).text).toBe('{"options":{"num_ctx":2048,"seed":1},"options":{"seed":2,"num_ctx":4096}}');
	});

	it("that reload a model are reported by the version's rules, and left", ({ expect }) => {
		const all =
			'{"shift":false,"options":{"num_batch":64,"num_gpu":0,"main_gpu":0,"num_thread":8,"use_mmap":false,"draft_num_predict":2,"seed":1}}';
		const at = (ollamaVersion: string | undefined, text = all) => rewrite(text, { served: { ...thinker, ollamaVersion } }).reloading;
		expect(at("0.24.0")).toEqual(["num_batch", "num_gpu", "num_thread", "use_mmap", "draft_num_predict"]);
		expect(at("0.32.15")).toEqual(["num_batch", "num_gpu", "main_gpu", "num_thread", "draft_num_predict", "shift"]);
		expect(at(undefined)).toEqual(at("0.32.15"));
		expect(at("0.32.15", '{"shift":true,"options":{"num_gpu":-1,"num_thread":0,"use_mmap":true,"main_gpu":null}}')).toEqual(["use_mmap"]);
		expect(rewrite(all).text).toBe(all);
	});
});

describe("the thinking budget", () => {
	const predict = (text: string) => rewrite(text, { served: thinker }).text;

	it("is four times what was asked, and at least 1024", ({ expect }) => {
		expect(predict('{"options":{"num_predict":200}}')).toBe('{"options":{"num_predict":1024}}');
		expect(predict('{"options":{"num_predict":500}}')).toBe('{"options":{"num_predict":2000}}');
	});

	it.for([
		'{"options":{"num_predict":-1}}',
		'{"options":{"num_predict":-2}}',
		'{"options":{"num_predict":0}}',
		'{"options":{"num_predict":"200"}}',
		'{"options":{"num_predict":200},"think":false}',
		'{"options":{"num_predict":200},"raw":true}',
		'{"options":{}}',
	])("is not for %s", (text, { expect }) => {
		expect(predict(text)).toBe(text);
	});

	it("is not for a model that does not think", ({ expect }) => {
		expect(rewrite('{"options":{"num_predict":200}}').rewrote).toEqual([]);
	});
});

describe("keep_alive", () => {
	const stamp = (keepAlive: string, text = "{}") => rewrite(text, { settings: { ...SETTINGS, keepAlive } }).text;

	it("is stamped where the owner wants it and the client is silent", ({ expect }) => {
		expect(stamp("-1")).toBe('{"keep_alive":-1}');
		expect(stamp("10m")).toBe('{"keep_alive":"10m"}');
		expect(stamp("10m", '{"keep_alive":null}')).toBe('{"keep_alive":"10m"}');
		expect(stamp("10m", '{"keep_alive":0}')).toBe('{"keep_alive":0}');
		expect(stamp("client")).toBe("{}");
	});
});

describe("a request for more context", () => {
	it("that was moved to a larger model carries that one's context", ({ expect }) => {
		const moved = served({ model: "qwen3:32b", nodeId: "beta", residentContext: 16_384 });
		expect(rewrite('{"model":"qwen3:8b","options":{"num_ctx":8192}}', { served: moved, servedBecause: "context" })).toMatchObject({
			text: '{"model":"qwen3:32b","options":{"num_ctx":16384}}',
			rewrote: ["num_ctx 8192 -> 16384 (resident)", "model qwen3:8b -> qwen3:32b (context)"],
		});
	});

	it.for([
		['{"fallback":false}', "/api/chat", true],
		['{"raw":true}', "/api/generate", true],
		['{"context":[1,2]}', "/api/generate", true],
		['{"template":"{{ .Prompt }}"}', "/api/generate", true],
		["{}", "/api/embed", true],
		['{"fallback":true,"raw":false,"context":null,"template":""}', "/api/generate", false],
	] as const)("stays with its model when only that can answer it: %s on %s, %s", ([text, path, tied], { expect }) => {
		expect(isTiedToModel(path, readFields(text) ?? new Map())).toBe(tied);
	});
});

describe("a field repeated thousands of times", () => {
	const repeated = (member: (index: number) => string) => `{${Array.from({ length: 20_000 }, (_, index) => member(index)).join(",")}}`;

	it("of the router's goes whole", ({ expect }) => {
		expect(rewrite(repeated(() => '"fallback":1')).text).toBe("{}");
		expect(rewrite(repeated((index) => `"metadata":{"tags":[],"n":${index}}`)).text).not.toContain("tags");
	});

	it("of options is one map, in which the last of each counts", ({ expect }) => {
		const { text, rewrote } = rewrite(repeated((index) => `"options":{"k${index}":1,"num_ctx":${index % 4000}}`));
		expect(rewrote).toEqual(["num_ctx 3999 -> 4096 (resident)"]);
		expect(text).toContain('"options":{"k19999":1,"num_ctx":4096}}');
	});
});

it("names the changes in characters a header can carry", ({ expect }) => {
	expect(rewroteHeader(["model grüße\r\nx -> y (alias)", "fallback removed"])).toBe("model gr??e??x -> y (alias); fallback removed");
});
