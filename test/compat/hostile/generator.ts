/** Bodies that nobody should send, from a seed: each kind is one arbitrary, so that a failing one shrinks to little. */
import * as fc from "fast-check";
import { goodRequest, KNOWN_KEYS, ODD_NAMES, ROUTES } from "./requests.ts";

export interface HostileRequest {
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

const ODD_VALUES = [null, true, false, 0, -1, 1.5, 1e30, "", "x", " ", "0", "5m", "-1", [], [null], [[]], ["x"], [1], {}, { x: 1 }, [{}]];
const ODD_NUMBERS =
	"1e999 -1e999 1e-999 99999999999999999999 -99999999999999999999 0.1 -0 1E5 1e+2 01 +1 -x .5 5. 0x10 NaN Infinity 1_000 2147483648 9223372036854775808 18446744073709551616";
const NUMBER_KEYS = [
	"max_tokens",
	"temperature",
	"seed",
	"n",
	"dimensions",
	"keep_alive",
	"top_logprobs",
	"model",
	"stream",
	"max_output_tokens",
];

const path = fc.constantFrom(...ROUTES);
const knownKey = fc.constantFrom(...KNOWN_KEYS);
const oddValue = fc.oneof(fc.constantFrom(...ODD_VALUES), fc.jsonValue({ maxDepth: 2 }));
const goodText = path.map((at) => ({ path: at, text: JSON.stringify(goodRequest(at)) }));

/** A body's text for a path. */
interface Written {
	readonly path: string;
	readonly text: string;
}

/** A good request with members written behind or before its own, as they stand. */
function withMembers(members: fc.Arbitrary<string>): fc.Arbitrary<Written> {
	return fc.record({ path, members, first: fc.boolean() }).map(({ path: at, members: added, first }) => {
		const inside = JSON.stringify(goodRequest(at)).slice(1, -1);
		return { path: at, text: first ? `{${added},${inside}}` : `{${inside},${added}}` };
	});
}

const jsonish = fc.string({
	unit: fc.constantFrom(
		...'{}[]",:\\ \n\t0123456789eE+-.',
		"true",
		"false",
		"null",
		'"model"',
		'"llama3.1:8b"',
		'"messages"',
		"/*x*/",
		"'",
		"é",
		"☃",
	),
	maxLength: 40,
});

const member = (key: string, value: unknown) => `${JSON.stringify(key)}:${JSON.stringify(value)}`;

const wrongTypes = withMembers(
	fc
		.array(fc.tuple(knownKey, oddValue), { minLength: 1, maxLength: 3 })
		.map((pairs) => pairs.map(([key, value]) => member(key, value)).join(",")),
);

const wrongOptions = fc
	.record({
		path,
		key: fc.constantFrom("num_predict", "num_ctx", "temperature", "stop", "seed", "use_mmap", "num_gpu", "nonsense", "top_k"),
		value: oddValue,
	})
	.map(({ path: at, key, value }) => ({ path: at, text: JSON.stringify({ ...goodRequest(at), options: { [key]: value } }) }));

const wrongMessages = fc
	.record({
		path: fc.constantFrom("/api/chat", "/v1/chat/completions", "/v1/messages"),
		message: fc.dictionary(
			fc.constantFrom("role", "content", "images", "tool_calls", "tool_call_id", "thinking", "tool_name", "name"),
			oddValue,
			{
				maxKeys: 3,
			},
		),
	})
	.map(({ path: at, message }) => ({ path: at, text: JSON.stringify({ ...goodRequest(at), messages: [message] }) }));

/** Far deeper than that the simulated Ollama can't read; the router's own reading is tested beside a scripted one. */
const DEPTHS = [5, 50, 500, 2000];

const nested = fc
	.record({ key: fc.option(knownKey), depth: fc.constantFrom(...DEPTHS), object: fc.boolean(), closed: fc.boolean(), path })
	.map(({ key, depth, object, closed, path: at }) => {
		const deep = (object ? '{"x":' : "[").repeat(depth) + (object ? "1" : "") + (closed ? (object ? "}" : "]").repeat(depth) : "");
		return { path: at, text: key === null ? deep : `{"model":"llama3.1:8b","${key}":${deep}}` };
	});

const huge = withMembers(
	fc
		.record({ key: knownKey, length: fc.integer({ min: 1000, max: 200_000 }), character: fc.constantFrom("x", "☃", " ", "\\n", "\\u0041") })
		.map(({ key, length, character }) => `"${key}":"${character.repeat(length)}"`),
);

const variant = fc.constantFrom(
	"MODEL",
	"Model",
	"model",
	"mODEL",
	"messages",
	"Messages",
	"STREAM",
	"Stream",
	"stream",
	"meſſages",
	"ſtream",
	"ſeed",
	"PROMPT",
	"Input",
);
const variantValue = fc.constantFrom(
	"llama3.1:8b",
	"nobody-has:this",
	"nomic-embed-text",
	null,
	true,
	false,
	5,
	[],
	{},
	[{ role: "user", content: "Hi" }],
	"Hi",
);
const duplicated = withMembers(
	fc
		.array(fc.tuple(variant, variantValue), { minLength: 1, maxLength: 4 })
		.map((pairs) => pairs.map(([key, value]) => member(key, value)).join(",")),
);

const escapedKey = fc.constantFrom(
	"\\u006dodel",
	"mode\\u006c",
	"\\u004dODEL",
	"m\\u006Fdel",
	"mo\\/del",
	"model\\u0000",
	"\\ud800model",
	"\\u0073tream",
	"mode\\l",
	"\\u212aeep_alive",
);
const escaped = withMembers(fc.tuple(escapedKey, variantValue).map(([key, value]) => `"${key}":${JSON.stringify(value)}`));

const numbers = withMembers(
	fc.tuple(fc.constantFrom(...NUMBER_KEYS), fc.constantFrom(...ODD_NUMBERS.split(" "))).map(([key, number]) => `"${key}":${number}`),
);

const oddModel = fc
	.record({ path, model: fc.oneof(fc.constantFrom(...ODD_NAMES), fc.string({ unit: "binary", maxLength: 20 })) })
	.map(({ path: at, model }) => ({
		path: at,
		text: JSON.stringify({ ...goodRequest(at), model }),
	}));

const truncated = fc.record({ good: goodText, share: fc.integer({ min: 0, max: 100 }) }).map(({ good, share }) => ({
	...good,
	text: good.text.slice(0, Math.floor((good.text.length * share) / 100)),
}));

const followed = fc
	.record({ good: goodText, tail: fc.oneof(jsonish, fc.constantFrom("{}", "\u0000", " ", "trailing", "}", ",", '\n{"model":"x"}')) })
	.map(({ good, tail }) => ({ ...good, text: good.text + tail }));

const bare = fc.record({ path, text: fc.oneof(jsonish, fc.string({ unit: "binary", maxLength: 30 }), fc.json({ maxDepth: 2 })) });

const text = fc.oneof(
	{ weight: 3, arbitrary: wrongTypes },
	{ weight: 2, arbitrary: oddModel },
	wrongOptions,
	wrongMessages,
	nested,
	huge,
	{ weight: 2, arbitrary: duplicated },
	escaped,
	numbers,
	truncated,
	followed,
	{ weight: 2, arbitrary: bare },
);

/** What happens to a good text's bytes. */
const spoilt = fc.record({
	good: goodText,
	at: fc.integer({ min: 0, max: 100 }),
	bytes: fc.oneof(
		fc.uint8Array({ minLength: 1, maxLength: 4 }),
		fc.constantFrom(
			Uint8Array.of(0),
			Uint8Array.of(0xff),
			Uint8Array.of(0xc3, 0x28),
			Uint8Array.of(0xed, 0xa0, 0x80),
			Uint8Array.of(0xef, 0xbb, 0xbf),
		),
	),
});
const spoiltBytes = spoilt.map(({ good, at, bytes }) => {
	const whole = Buffer.from(good.text);
	const cut = Math.floor((whole.byteLength * at) / 100);
	return { path: good.path, body: Buffer.concat([whole.subarray(0, cut), bytes, whole.subarray(cut)]) };
});
const encoded = fc.record({ good: goodText, how: fc.constantFrom("bom", "utf16le", "latin1", "nul") }).map(({ good, how }) => {
	if (how === "bom") return { path: good.path, body: Buffer.from(`\ufeff${good.text}`) };
	if (how === "nul") return { path: good.path, body: Buffer.alloc(20) };
	return { path: good.path, body: Buffer.from(good.text, how === "latin1" ? "latin1" : "utf16le") };
});

const bytesOf = (written: fc.Arbitrary<Written>) => written.map(({ path: at, text: words }) => ({ path: at, body: Buffer.from(words) }));

const headers = fc.oneof(
	{ weight: 6, arbitrary: fc.constant<Readonly<Record<string, string>>>({ "content-type": "application/json" }) },
	fc
		.constantFrom(
			"",
			" ",
			"text/plain",
			"application/json; charset=utf-16",
			"multipart/form-data; boundary=x",
			"application/x-www-form-urlencoded",
			";;;",
			"x".repeat(500),
		)
		.map((type) => ({ "content-type": type })),
	fc.constant<Readonly<Record<string, string>>>({}),
	fc
		.constantFrom("gzip", "zstd", "identity", "br", "nonsense")
		.map((encoding) => ({ "content-type": "application/json", "content-encoding": encoding })),
);

/** The simulated Ollama makes vectors of any length that is asked for, and can't write the end of such a time. */
const BEYOND_SIMULATION = /"(?:dimensions|keep_alive)":-?\d*\.?\d*(?:e[+]?\d{2,}|\d{6,})/i;

export const hostileRequest: fc.Arbitrary<HostileRequest> = fc
	.record({ what: fc.oneof({ weight: 6, arbitrary: bytesOf(text) }, spoiltBytes, encoded), headers })
	.filter(({ what }) => !BEYOND_SIMULATION.test(what.body.toString("latin1")))
	.map(({ what, headers: given }) => ({ ...what, headers: given }));
