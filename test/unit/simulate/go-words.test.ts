import { describe, it } from "vitest";
import { FOREVER_MS, parseDuration, parseKeepAlive } from "../../../agent/src/simulate/machine/durations.ts";
import { fullName, nameKey, parseName, shortName } from "../../../agent/src/simulate/machine/names.ts";
import { decodeGoJson } from "../../../agent/src/simulate/wire/go-decode.ts";
import { goJson, goNanoseconds, goTime } from "../../../agent/src/simulate/wire/go-json.ts";
import { fillStruct } from "../../../agent/src/simulate/wire/go-struct.ts";

describe("JSON as Go reads it", () => {
	it("is the first value alone", ({ expect }) => {
		expect(decodeGoJson(' {"a": [1, -2.5e3, true, null, "\\u00e9"]} trailing')).toEqual({ a: [1, -2500, true, null, "é"] });
	});

	const COMPLAINTS = [
		["", "EOF"],
		['{"a"', "unexpected EOF"],
		['{"a": x}', "invalid character 'x' looking for beginning of value"],
		["{a: 1}", "invalid character 'a' looking for beginning of object key string"],
		['{"a" 1}', "invalid character '1' after object key"],
		['{"a": 1 "b"}', "invalid character '\"' after object key:value pair"],
		["[1 2]", "invalid character '2' after array element"],
		["nul!", "invalid character '!' in literal null (expecting 'l')"],
		['"a\nb"', "invalid character '\\n' in string literal"],
		['"\\x"', "invalid character 'x' in string escape code"],
		["\u001f", "invalid character '\\x1f' looking for beginning of value"],
	] as const;
	for (const [text, complaint] of COMPLAINTS) {
		it(`is refused in Go's words: ${JSON.stringify(text)}`, ({ expect }) => {
			expect(() => decodeGoJson(text)).toThrow(complaint);
		});
	}
});

describe("a Go struct", () => {
	const STRUCT = {
		package: "api",
		name: "Request",
		fields: { model: "string", stream: "bool", list: { list: "int", name: "[]int" } },
	} as const;

	it("takes keys in any case, the last of two, and drops what it does not know", ({ expect }) => {
		expect(fillStruct({ MODEL: "a", model: "b", Stream: true, other: 1, list: null }, STRUCT)).toEqual({ model: "b", stream: true });
	});

	it("refuses values of other types in Go's words", ({ expect }) => {
		expect(() => fillStruct({ model: 5 }, STRUCT)).toThrow(
			"json: cannot unmarshal number into Go struct field Request.model of type string",
		);
		expect(() => fillStruct({ list: "x" }, STRUCT)).toThrow(
			"json: cannot unmarshal string into Go struct field Request.list of type []int",
		);
		expect(() => fillStruct([], STRUCT)).toThrow("json: cannot unmarshal array into Go value of type api.Request");
	});
});

describe("JSON as Go writes it", () => {
	it("escapes what could be read as HTML, and the two line separators", ({ expect }) => {
		expect(goJson({ a: "<b>&\u2028", gone: undefined })).toBe('{"a":"\\u003cb\\u003e\\u0026\\u2028"}');
	});

	it("has times without trailing zeros and durations of whole nanoseconds, never zero", ({ expect }) => {
		expect([goTime(1_795_454_917_120), goTime(1_795_454_917_000)]).toEqual(["2026-11-23T17:28:37.12Z", "2026-11-23T17:28:37Z"]);
		expect([goNanoseconds(1.5), goNanoseconds(0), goNanoseconds(0.0015001, true)]).toEqual([1_500_000, 1000, 2000]);
	});
});

describe("durations", () => {
	it("are read as Go reads them", ({ expect }) => {
		expect(["10m", "1h30m", "-1m", "1.5s", "0", "100ms"].map(parseDuration)).toEqual([600_000, 5_400_000, -60_000, 1500, 0, 100]);
		expect(["soon", "5"].map((text) => String(parseDuration(text)))).toEqual([
			'Error: time: invalid duration "soon"',
			'Error: time: missing unit in duration "5"',
		]);
	});

	it("of a keep-alive are seconds as numbers, and for ever when negative", ({ expect }) => {
		expect([parseKeepAlive(1.5), parseKeepAlive(-1), parseKeepAlive("-1s"), parseKeepAlive(0)]).toEqual([1500, FOREVER_MS, FOREVER_MS, 0]);
	});
});

describe("model names", () => {
	it("mean the same in all their spellings", ({ expect }) => {
		const keys = ["llama3.2", "LLAMA3.2:latest", "library/llama3.2", "registry.ollama.ai/library/llama3.2:latest"].map((text) => {
			const name = parseName(text);
			return name && nameKey(name);
		});
		expect(new Set(keys).size).toBe(1);
	});

	it("are shown short, and in full", ({ expect }) => {
		const shown = ["llama3.2", "user/m:tag", "hf.co/u/r:Q4_K_M", "127.0.0.1:9/library/none"].map((text) => {
			const name = parseName(text);
			return name && shortName(name);
		});
		expect(shown).toEqual(["llama3.2:latest", "user/m:tag", "hf.co/u/r:Q4_K_M", "127.0.0.1:9/library/none:latest"]);
		expect(fullName({ host: "h", namespace: "n", model: "m", tag: "t" })).toBe("h/n/m:t");
	});

	it("are none with spaces, without letters, or with a dotted namespace", ({ expect }) => {
		expect(["a b", "", ":x", "a.b/c", "x:"].map(parseName)).toEqual([undefined, undefined, undefined, undefined, undefined]);
	});
});
