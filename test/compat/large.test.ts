import { Agent } from "node:http";
import { afterAll, beforeAll, describe, it } from "vitest";
import { Household } from "../journeys/household.ts";
import { startAgentOf } from "../journeys/machine.ts";
import { RawClient } from "../journeys/raw-http.ts";
import { type Answer, send } from "./hostile/send.ts";
import { NEUTRAL } from "./pair.ts";
import { type RecordingOllama, startRecordingOllama } from "./recording-ollama.ts";

const MIB = 1024 ** 2;
const TOO_LARGE = /request body too large: the limit is 32 MB/;
const ROUNDS = 20;

let household: Household;
let upstream: RecordingOllama;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

beforeAll(async () => {
	household = await Household.start({ variables: NEUTRAL });
	upstream = household.add(await startRecordingOllama());
	household.add(await startAgentOf(household, { nodeId: "recorder", ollamaUrl: upstream.url, token: household.joinToken }));
	await household.ready("recorder");
});

afterAll(async () => {
	agent.destroy();
	await household?.stop();
});

/** A chat whose body has exactly so many bytes, with characters of several bytes in it. */
function chatOf(bytes: number): Buffer {
	const write = (content: string) => JSON.stringify({ model: upstream.model, messages: [{ role: "user", content }], stream: false });
	const words = "Wörter über ☃ und 日本, ";
	const some = words.repeat(Math.floor((bytes - 200) / Buffer.byteLength(words)));
	const body = write(some + "x".repeat(bytes - Buffer.byteLength(write(some))));
	return Buffer.from(body);
}

function ask(baseUrl: string, body: Buffer): Promise<Answer> {
	return send(baseUrl, { path: "/api/chat", headers: { "content-type": "application/json" }, body }, agent);
}

describe("a large chat", () => {
	it.for([
		["400 KB", 400_000],
		["4 MB", 4_000_000],
		["31 MB", 31 * MIB],
		["exactly the limit", 32 * MIB],
	] as const)("reaches the machine byte for byte: %s", async ([, bytes], { expect }) => {
		const body = chatOf(bytes);
		const answer = await ask(household.url, body);
		expect([answer.status, body.byteLength]).toEqual([200, bytes]);
		const [received, ...more] = upstream.taken();
		expect(more).toEqual([]);
		// A difference of megabytes is not for printing
		expect(received?.equals(body)).toBe(true);
		await household.idle();
	});

	it("is refused above the limit by its announced length, and the machine gets nothing of it", async ({ expect }) => {
		const client = await RawClient.open(household.port);
		client.send(`POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${33 * MIB}\r\n\r\n`);
		const answer = await client.wholeAnswer();
		client.destroy();
		expect(answer.status).toBe(413);
		expect(answer.body.toString()).toMatch(TOO_LARGE);
		expect(upstream.taken()).toEqual([]);
	});

	it("is refused above the limit in words that a client gets which sends all of it without looking up", async ({ expect }) => {
		const answer = await ask(household.url, chatOf(33 * MIB));
		expect(answer.status).toBe(413);
		expect(answer.body).toMatch(TOO_LARGE);
		expect(upstream.taken()).toEqual([]);
		await household.idle();
	});

	it("of 400 KB takes so much longer through the router (printed, not judged)", async ({ expect }) => {
		const body = chatOf(400_000);
		const small = chatOf(400);
		const figures: string[] = [];
		for (const [name, asked] of [
			["400 B", small],
			["400 KB", body],
		] as const) {
			const direct: number[] = [];
			const routed: number[] = [];
			for (let round = 0; round < ROUNDS; round++) {
				direct.push(await timed(() => ask(upstream.url, asked)));
				routed.push(await timed(() => ask(household.url, asked)));
			}
			figures.push(
				`${name}: direct ${median(direct).toFixed(2)} ms, routed ${median(routed).toFixed(2)} ms, added ${(median(routed) - median(direct)).toFixed(2)} ms`,
			);
		}
		process.stdout.write(`Median of ${ROUNDS}. ${figures.join("; ")}\n`);
		expect(upstream.taken().every((received) => received.equals(body) || received.equals(small))).toBe(true);
	});
});

async function timed(call: () => Promise<unknown>): Promise<number> {
	const startedAt = performance.now();
	await call();
	return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
	return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
