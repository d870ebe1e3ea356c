/** A router that begins answers after moments, two machines with one model, a third with another, and clients on bare sockets. */
import { Household } from "./household.ts";
import { startAgentOf } from "./machine.ts";
import { type RawAnswer, RawClient, requestBytes } from "./raw-http.ts";
import { type Arrived, type ScriptedOllama, startScriptedOllama } from "./scripted-ollama.ts";
import { until } from "./until.ts";

/** What `script` has, and what `hot` has in memory and `cold` on disk. */
export const MODEL = "script:1b";
export const PAIR = "pair:1b";

export interface Asked {
	readonly path: string;
	readonly stream: boolean;
	readonly model?: string;
	readonly text?: string;
	readonly headers?: Record<string, string>;
}

export class EarlyHousehold {
	readonly household: Household;
	readonly upstream: ScriptedOllama;
	readonly hot: ScriptedOllama;
	readonly cold: ScriptedOllama;
	#clients: RawClient[] = [];
	#pairs = 0;

	private constructor(household: Household, [upstream, hot, cold]: readonly [ScriptedOllama, ScriptedOllama, ScriptedOllama]) {
		this.household = household;
		this.upstream = upstream;
		this.hot = hot;
		this.cold = cold;
	}

	static async start(): Promise<EarlyHousehold> {
		// Short, so that nobody waits; a longer wait, such as the real one, is no other case
		const early = { FLEET_EARLY_BYTES_AFTER_S: "0.05", FLEET_EARLY_BYTES_EVERY_S: "0.05" };
		// Its models are look-alikes: none may stand in for another
		const household = await Household.start({ variables: { ...early, FLEET_VRAM_FALLBACK: "false" } });
		const upstream = await addNode(household, "script", MODEL);
		const hot = await addNode(household, "hot", PAIR);
		const cold = await addNode(household, "cold", PAIR, true);
		await household.ready("script", "hot", "cold");
		return new EarlyHousehold(household, [upstream, hot, cold]);
	}

	/** Two machines that have failed nothing yet: one that failed often rests. */
	async newPair(): Promise<{ model: string; hot: ScriptedOllama; cold: ScriptedOllama }> {
		const name = `pair-${this.#pairs++}`;
		const hot = await addNode(this.household, `hot-${name}`, `${name}:1b`);
		const cold = await addNode(this.household, `cold-${name}`, `${name}:1b`, true);
		await this.household.ready(`hot-${name}`, `cold-${name}`);
		return { model: `${name}:1b`, hot, cold };
	}

	async connect(): Promise<RawClient> {
		const client = await RawClient.open(this.household.port);
		this.#clients.push(client);
		return client;
	}

	async send({ path, stream, model = MODEL, text = "Hello", headers = {} }: Asked): Promise<RawClient> {
		const client = await this.connect();
		const messages = [{ role: "user", content: text }];
		const body = JSON.stringify({ model, stream, messages, input: text, prompt: text, max_tokens: 10 });
		client.send(requestBytes(this.household.port, { path, headers, body }));
		return client;
	}

	/** Sends a request and waits until its client has two keep-alives. */
	async kept(
		asked: Asked,
		keepAlive: RegExp,
		where = asked.model === PAIR ? this.hot : this.upstream,
	): Promise<{ client: RawClient; arrived: Arrived }> {
		const client = await this.send(asked);
		const arrived = await where.next();
		await until("keep-alives come", () => (bodyOf(client).match(keepAlive)?.length ?? 0) >= 2);
		return { client, arrived };
	}

	/** A test that failed in the middle must not hold a place. */
	async tidy(): Promise<void> {
		for (const client of this.#clients.splice(0)) client.destroy();
		for (const ollama of [this.upstream, this.hot, this.cold]) ollama.dropUntaken();
		await this.household.idle();
	}
}

async function addNode(household: Household, nodeId: string, model: string, cold = false): Promise<ScriptedOllama> {
	const ollama = household.add(await startScriptedOllama(model, { cold }));
	household.add(await startAgentOf(household, { nodeId, ollamaUrl: ollama.url, token: household.joinToken }));
	return ollama;
}

export function bodyOf(client: RawClient): string {
	return client.answer?.body.toString() ?? "";
}

/** What the head of an early answer tells, and all that it may tell. */
export function earlyHead({ status, headers }: RawAnswer) {
	const ours = [...headers.keys()].filter((name) => name.startsWith("x-")).toSorted();
	return { status, type: headers.get("content-type"), early: headers.get("x-fleet-early"), ours };
}

export function expectedHead(type: string) {
	return { status: 200, type, early: "1", ours: ["x-fleet-early", "x-request-id"] };
}

/** The node's error in the dialect of the path. */
export function errorBody(path: string): string {
	if (path.startsWith("/api/")) return '{"error":"it hurts"}';
	const error = { message: "it hurts", type: "invalid_request_error" };
	return JSON.stringify(
		path === "/v1/messages" ? { type: "error", error, request_id: "req_0" } : { error: { ...error, param: null, code: null } },
	);
}
