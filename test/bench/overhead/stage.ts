/** Everything a run needs: upstream, router, agents and load generator, each in a process of its own, on loopback. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FleetSnapshotSchema } from "../../../worker/protocol/fleet.ts";
import { Child, type ChildOptions } from "./child.ts";
import {
	type AgentFlags,
	AgentReadySchema,
	LoadReadySchema,
	RouterReadySchema,
	type Slice,
	type SliceResult,
	SliceResultSchema,
	type Target,
	UpstreamReadySchema,
} from "./messages.ts";
import type { TargetName } from "./plan.ts";
import { BEHIND_DOOR, DOORLESS } from "./upstream-model.ts";

/** Far more than a run has in flight: places must not limit what is measured. */
const NUM_PARALLEL = "100000";
const JOIN_LIMIT_MS = 20_000;
const LOOK_EVERY_MS = 50;
/** A slice lasts as long as its last answer. */
const SLICE_GRACE_MS = 60_000;

/** The processes whose memory and CPU count as the router's. */
export const WATCHED = ["launcher", "workerd", "agent"] as const;
export type Watched = (typeof WATCHED)[number];

export class Stage {
	readonly #children: Child[] = [];
	#folder: string | undefined;
	#stopped: Promise<void> | undefined;

	async start(): Promise<RunningStage> {
		const folder = (this.#folder = await mkdtemp(join(tmpdir(), "herd-bench-")));
		const upstream = await this.#child("upstream").hear(UpstreamReadySchema);
		const launcher = this.#child("router", { argument: { dataDir: join(folder, "router") } });
		const router = await launcher.hear(RouterReadySchema);
		const url = loopback(router.port);
		const common = { routerUrl: url, token: router.joinToken };
		const agent = this.#agent({
			...common,
			nodeId: BEHIND_DOOR.nodeId,
			ollamaUrl: loopback(upstream.port),
			dataDir: join(folder, "agent"),
		});
		const doorlessUrl = loopback(upstream.doorlessPort);
		const doorless = {
			...common,
			nodeId: DOORLESS.nodeId,
			ollamaUrl: doorlessUrl,
			advertiseUrl: doorlessUrl,
			dataDir: join(folder, "doorless"),
		};
		await Promise.all([agent.hear(AgentReadySchema), this.#agent(doorless).hear(AgentReadySchema)]);
		await nodesReady(url);
		const load = this.#child("load");
		await load.hear(LoadReadySchema);
		const targets = {
			direct: { port: upstream.port, model: BEHIND_DOOR.model },
			"router-alone": { port: router.port, model: DOORLESS.model },
			routed: { port: router.port, model: BEHIND_DOOR.model },
		};
		return new RunningStage({ load, launcher, agent, all: [...this.#children], workerdPidFile: router.workerdPidFile, targets });
	}

	get isStopped(): boolean {
		return this.#stopped !== undefined;
	}

	/** Ends every process and removes what they wrote, also when not all of them had started. */
	stop(): Promise<void> {
		return (this.#stopped ??= this.#stop());
	}

	async #stop(): Promise<void> {
		// Last come, first gone: the agents say farewell to a router that still runs
		for (const child of this.#children.reverse()) await child.stop();
		if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
	}

	#child(name: string, options?: ChildOptions): Child {
		if (this.isStopped) throw new Error("The run was stopped");
		const child = new Child(name, options);
		this.#children.push(child);
		return child;
	}

	#agent(flags: AgentFlags): Child {
		const env = { OLLAMA_HOST: flags.ollamaUrl, OLLAMA_NUM_PARALLEL: NUM_PARALLEL };
		return this.#child("agent", { argument: flags, env });
	}
}

interface Parts {
	readonly load: Child;
	readonly launcher: Child;
	readonly agent: Child;
	readonly all: readonly Child[];
	readonly workerdPidFile: string;
	readonly targets: Readonly<Record<TargetName, Target>>;
}

export class RunningStage {
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	apply(target: TargetName, slice: Omit<Slice, "target">): Promise<SliceResult> {
		return this.#parts.load.ask({ ...slice, target: this.#parts.targets[target] }, SliceResultSchema, slice.forMs + SLICE_GRACE_MS);
	}

	async watchedProcesses(): Promise<Record<Watched, number>> {
		return { launcher: this.#parts.launcher.pid, workerd: await this.#workerdId(), agent: this.#parts.agent.pid };
	}

	/** Of the whole benchmark. */
	async allProcesses(): Promise<number[]> {
		return [process.pid, await this.#workerdId(), ...this.#parts.all.map(({ pid }) => pid)];
	}

	/** Read anew each time: workerd may have been restarted. */
	async #workerdId(): Promise<number> {
		return Number((await readFile(this.#parts.workerdPidFile, "utf8")).trim());
	}
}

function loopback(port: number): string {
	return `http://127.0.0.1:${port}`;
}

async function nodesReady(url: string): Promise<void> {
	const deadline = Date.now() + JOIN_LIMIT_MS;
	for (;;) {
		const { nodes } = FleetSnapshotSchema.parse(await (await fetch(`${url}/fleet/status`)).json());
		const ready = nodes.filter((node) => node.status === "online" && node.blocked_by.length === 0 && node.ollama.models_loaded.length > 0);
		const placesKnown = ready.every((node) => node.ollama.num_parallel === Number(NUM_PARALLEL));
		if (ready.length === 2 && placesKnown) return;
		if (Date.now() > deadline)
			throw new Error(`The nodes are not ready: ${JSON.stringify(nodes.map((node) => [node.node_id, node.status, node.blocked_by]))}`);
		await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
	}
}
