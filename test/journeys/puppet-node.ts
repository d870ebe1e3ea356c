/** A machine whose beats and answers are the test's: the router's own view of it is real, its speed is what its counters claim. */
import { createServer, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { setInterval } from "node:timers";
import type { Household } from "./household.ts";
import { beatOf, sendBeat } from "./beat.ts";
import { until } from "./until.ts";

const BEAT_EVERY_MS = 1_000;
const GIB = 1024 ** 3;

export interface PuppetFacts {
	readonly nodeId: string;
	/** Name to bytes on disk. */
	readonly models: Readonly<Record<string, number>>;
	readonly resident?: readonly string[];
	readonly numParallel?: number;
	/** Requests at its Ollama beside the router's. */
	externalJobs?: number;
}

/** What an answer's counters claim. */
export interface Claims {
	readonly promptTokens?: number;
	readonly prefillS?: number;
	readonly tokens?: number;
	readonly decodeS?: number;
	readonly loadS?: number;
}

/** A request that is there and waits for the test to answer it. */
export interface Held {
	readonly model: string;
	readonly text: string;
	answer(claims?: Claims): void;
}

/** 2,000 GB/s: by the router's first guess a file of 16 GB is read at 80 tokens a second and loaded in 8 s. */
export const BANDWIDTH_GBPS = 2_000;
export const FILE_BYTES = 16.25e9;

export class PuppetNode {
	readonly facts: PuppetFacts;
	readonly #household: Household;
	readonly #server: Server;
	readonly #held: Held[] = [];
	#secret: string | undefined;
	#timer: NodeJS.Timeout | undefined;
	/** Answers at once in place of the test. */
	answers: Claims | undefined;
	/** Requests that reached it since the start. */
	served = 0;

	private constructor(household: Household, facts: PuppetFacts) {
		this.#household = household;
		this.facts = facts;
		this.#server = createServer((request, response) => {
			if (request.url === "/door/health") return void response.end(JSON.stringify({ node_id: facts.nodeId }));
			const chunks: Buffer[] = [];
			request.on("data", (chunk: Buffer) => chunks.push(chunk));
			request.on("end", () => this.#take(Buffer.concat(chunks).toString(), response));
		});
	}

	static async join(household: Household, facts: PuppetFacts): Promise<PuppetNode> {
		const node = household.add(new PuppetNode(household, facts));
		node.#server.listen(0, "127.0.0.1");
		await once(node.#server, "listening");
		await node.beat();
		node.#timer = setInterval(() => void node.beat(), BEAT_EVERY_MS);
		await household.ready(facts.nodeId);
		return node;
	}

	async beat(): Promise<void> {
		const address = this.#server.address();
		const { models, resident = [], nodeId, numParallel = 1, externalJobs } = this.facts;
		const beat = {
			...beatOf(nodeId, `machine-of-${nodeId}`),
			door_url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
			platform: { os: "linux", arch: "x64", memory_bandwidth_gbps: BANDWIDTH_GBPS },
			memory: { total_bytes: 256 * GIB, used_bytes: GIB, available_bytes: 255 * GIB, pressure: "normal" as const },
			gpus: [{ id: "0", name: "GPU", vendor: "other" as const, unified: true }],
			ollama: {
				state: "running" as const,
				version: "0.32.15",
				settings: { num_parallel: numParallel },
				models_loaded: resident.map((name) => ({ name, size: models[name] ?? 0, context_length: 32_768 })),
				models_available: Object.entries(models).map(([name, size]) => ({ name, size, capabilities: ["completion"] })),
			},
			...(externalJobs !== undefined && { external_jobs: externalJobs }),
		};
		const credentials = {
			"x-fleet-join-token": this.#household.joinToken,
			...(this.#secret && { authorization: `Bearer ${this.#secret}` }),
		};
		const { body } = await sendBeat(this.#household.url, beat, credentials);
		if (typeof body["secret"] === "string") this.#secret = body["secret"];
	}

	/** The next request that nobody has taken yet. */
	next(): Promise<Held> {
		return until(`a request reaches ${this.facts.nodeId}`, () => this.#held.shift());
	}

	get untaken(): number {
		return this.#held.length;
	}

	/** The machine is gone: connections end, and no beat comes any more. */
	async stop(): Promise<void> {
		clearInterval(this.#timer);
		if (!this.#server.listening) return;
		const closed = once(this.#server, "close");
		this.#server.close();
		this.#server.closeAllConnections();
		await closed;
	}

	#take(text: string, response: ServerResponse): void {
		const { model = "" } = JSON.parse(text) as { model?: string };
		const answer = (claims: Claims = {}) => response.writeHead(200, { "content-type": "application/x-ndjson" }).end(lastLine(claims));
		this.served++;
		if (this.answers) answer(this.answers);
		else this.#held.push({ model, text, answer });
	}
}

/** The whole answer in one line: nobody here looks at its words. */
function lastLine({ promptTokens = 100, prefillS = 0.1, tokens = 80, decodeS = 1, loadS = 0 }: Claims): string {
	const nanoseconds = (seconds: number) => Math.round(seconds * 1e9);
	const counters = {
		total_duration: nanoseconds(prefillS + decodeS + loadS),
		load_duration: nanoseconds(loadS),
		prompt_eval_count: promptTokens,
		prompt_eval_duration: nanoseconds(prefillS),
		eval_count: tokens,
		eval_duration: nanoseconds(decodeS),
	};
	return `${JSON.stringify({ message: { role: "assistant", content: "Yes" }, done: true, done_reason: "stop", ...counters })}\n`;
}
