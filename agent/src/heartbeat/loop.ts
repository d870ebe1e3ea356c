import { JOIN_TOKEN_HEADER } from "../../../worker/protocol/heartbeat.ts";
import type { Farewell, HeartbeatInput, HeartbeatReply, OllamaReport } from "../../../worker/protocol/heartbeat.ts";
import type { Clock } from "../clock.ts";
import type { IdentityFile } from "../identity.ts";
import type { Logger } from "../log.ts";
import { residencyOf } from "./eager.ts";
import { judge } from "./outcome.ts";
import type { BeatOutcome } from "./outcome.ts";
import type { RouterClient } from "./router-client.ts";
import { follow } from "./standing.ts";
import type { Standing } from "./standing.ts";

/** A router that needs longer is away. */
const BEAT_LIMIT_MS = 10_000;
/** Leaving must not take longer than a person waits. */
const FAREWELL_LIMIT_MS = 2_000;

export interface Snapshot {
	ollama: OllamaReport;
	/** The beat with or without the installed models, seen from this machine's own address. */
	beat: (localAddress: string | undefined, withModels: boolean) => HeartbeatInput;
}

export interface LoopParts {
	nodeId: string;
	token?: string;
	client: RouterClient;
	identity: IdentityFile;
	/** Gathers what is known now; quick, whatever hangs. */
	look: () => Promise<Snapshot>;
	clock: Clock;
	log: Logger;
	/** Hears what the router answers to each beat. */
	onReply?: (reply: HeartbeatReply) => void;
}

/** Beats until it is stopped: joins, keeps the secret, says what changes, and bears with a router that is away. */
export class HeartbeatLoop {
	#parts: LoopParts;
	#stop = new AbortController();
	#standing: Standing = { kind: "new" };
	/** The list of installed models that the router has last taken, as text. */
	#takenModels: string | undefined;
	#modelsWanted = false;
	/** What the router was last told to be in memory. */
	#toldResidency: string | undefined;
	#wake = new AbortController();
	/** Resolved by the next beat that starts from now on, once it is over. */
	#asked: ((told: boolean) => void)[] = [];
	#ended: Promise<void> | undefined;

	constructor(parts: LoopParts) {
		this.#parts = parts;
	}

	start(): void {
		this.#ended = this.#run();
	}

	/** Ends the loop and tells the router that this machine leaves. */
	async stop(): Promise<void> {
		this.#stop.abort();
		await this.#farewell();
		await this.#ended;
		for (const tell of this.#asked.splice(0)) tell(false);
	}

	async #run(): Promise<void> {
		const { clock } = this.#parts;
		while (!this.#stop.signal.aborted) {
			const startedAt = clock.now();
			const asked = this.#asked.splice(0);
			const delayMs = await this.#beat();
			for (const tell of asked) tell(this.#standing.kind === "joined" && !this.#stop.signal.aborted);
			if (this.#asked.length > 0) continue;
			this.#wake = new AbortController();
			await clock.pause(Math.max(0, delayMs - (clock.now() - startedAt)), AbortSignal.any([this.#stop.signal, this.#wake.signal]));
		}
	}

	/** Beats at once when the router does not know what is in memory now; one that is away is left its time. */
	tell(report: OllamaReport): void {
		if (this.#standing.kind === "joined" && residencyOf(report) !== this.#toldResidency) this.#wake.abort();
	}

	/** Beats whatever the standing; true when the router has taken it. */
	beatNow(): Promise<boolean> {
		if (this.#stop.signal.aborted) return Promise.resolve(false);
		return new Promise((resolve) => {
			this.#asked.push(resolve);
			this.#wake.abort();
		});
	}

	/** Sends one beat; returns the time from its start to the next one's. */
	async #beat(): Promise<number> {
		const { look, clock, log } = this.#parts;
		const snapshot = await look();
		const models = JSON.stringify(snapshot.ollama.models_available);
		const sentModels = models !== undefined && (this.#modelsWanted || models !== this.#takenModels);
		let saidDraining = false;
		const outcome = await this.#post((localAddress) => {
			const beat = snapshot.beat(localAddress, sentModels);
			saidDraining = beat.draining === true;
			return beat;
		});
		if (outcome === undefined) return 0;
		if (outcome.kind === "accepted") this.#toldResidency = residencyOf(snapshot.ollama);
		if (outcome.kind === "accepted") await this.#accept(outcome.reply, sentModels ? models : undefined);
		if (outcome.kind === "secret-refused") await this.#store(this.#parts.identity.forgetSecret());
		const modelsHeldBack = models !== undefined && !sentModels;
		const step = follow(this.#standing, { outcome, saidDraining, modelsHeldBack, draw: clock.random() });
		this.#standing = step.standing;
		if (step.say !== undefined) log[step.say.level](step.say.message);
		return step.delayMs;
	}

	/** Nothing is returned when the loop was stopped meanwhile. */
	async #post(beat: (localAddress: string | undefined) => HeartbeatInput): Promise<BeatOutcome | undefined> {
		const { client, identity } = this.#parts;
		const hadSecret = identity.secret !== undefined;
		if (this.#stop.signal.aborted) return undefined;
		try {
			const body = (localAddress: string | undefined) => JSON.stringify(beat(localAddress));
			return judge(await client.post({ headers: this.#credentials(), limitMs: BEAT_LIMIT_MS, body, signal: this.#stop.signal }), hadSecret);
		} catch (error) {
			return this.#stop.signal.aborted ? undefined : { kind: "away", reason: reasonOf(error) };
		}
	}

	#credentials(): Record<string, string> {
		const { identity, token } = this.#parts;
		// Both: the secret may be of another router, or of a time before this machine was forgotten
		return {
			...(identity.secret !== undefined && { authorization: `Bearer ${identity.secret}` }),
			...(token !== undefined && { [JOIN_TOKEN_HEADER]: token }),
		};
	}

	async #accept(reply: HeartbeatReply, models: string | undefined): Promise<void> {
		const { identity } = this.#parts;
		if (reply.secret !== undefined && reply.secret !== identity.secret) await this.#store(identity.keepSecret(reply.secret));
		if (models !== undefined && reply.status !== "pending") this.#takenModels = models;
		this.#modelsWanted = reply.need_models === true;
		this.#parts.onReply?.(reply);
	}

	/** The identity holds in memory too: a full disk costs the next start a new approval, not this one its work. */
	async #store(writing: Promise<void>): Promise<void> {
		await writing.catch((error: unknown) => this.#parts.log.error(`The identity could not be stored: ${reasonOf(error)}`));
	}

	async #farewell(): Promise<void> {
		const { client, identity, nodeId } = this.#parts;
		if (identity.secret === undefined) return;
		const farewell: Farewell = { node_id: nodeId, machine_id: identity.machineId, leaving: true };
		const post = { headers: this.#credentials(), limitMs: FAREWELL_LIMIT_MS, body: () => JSON.stringify(farewell) };
		// A router that is away notices the silence by itself.
		await client.post(post).catch(() => undefined);
	}
}

/** Of what a person meets who has typed a URL. */
const MEANINGS: Readonly<Record<string, string>> = {
	ECONNREFUSED: "nothing listens there",
	ENOTFOUND: "no machine of that name is known here",
	EAI_AGAIN: "no machine of that name is known here",
	EPROTO: "it does not speak https",
};

function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	if (error.name === "AbortError" || error.name === "TimeoutError") return "no answer in time";
	const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
	// macOS keeps programs off the local network until a person allows it, and says only this.
	if (code === "EHOSTUNREACH" && process.platform === "darwin") return `${code}: see System Settings, Privacy & Security, Local Network`;
	const meaning = code === undefined ? undefined : MEANINGS[code];
	return meaning === undefined ? (code ?? error.message) : `${meaning}, ${code}`;
}
