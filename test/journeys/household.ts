/** A router and machines around it, as in somebody's home: real router, real agents, simulated Ollamas. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRouter, type Router } from "../../local/router.ts";
import { FleetSnapshotSchema, type FleetSnapshot, type NodeSnapshot } from "../../worker/protocol/fleet.ts";
import { TraceSchema, type Trace } from "../../worker/protocol/trace.ts";
import { until } from "./until.ts";

/** Anything that must be ended with the household: a machine, a process, a server. */
export interface Ended {
	stop(): Promise<void>;
}

export interface HouseholdOptions {
	/** Over the router's defaults. */
	readonly variables?: Readonly<Record<string, string>>;
	/** A folder of its own when absent, removed at the end. */
	readonly dataDir?: string;
	/** Any free one when absent; that of a router before it, so that its machines find this one. */
	readonly port?: number;
}

/** No test asks anybody outside for a model. */
const QUIET = { FLEET_AUTH: "open", FLEET_AUTO_PULL: "false" };

export class Household {
	readonly folder: string;
	readonly router: Router;
	readonly #keepFolder: boolean;
	readonly #members: Ended[] = [];
	#routerStopped = false;

	private constructor(folder: string, router: Router, keepFolder: boolean) {
		this.folder = folder;
		this.router = router;
		this.#keepFolder = keepFolder;
	}

	static async start({ variables = {}, dataDir, port = 0 }: HouseholdOptions = {}): Promise<Household> {
		const folder = dataDir ?? (await mkdtemp(join(tmpdir(), "herd-journey-")));
		const given = { ...QUIET, ...variables };
		const router = await startRouter({ host: "127.0.0.1", port, dataDir: folder, variables: given, say: () => undefined });
		return new Household(folder, router, dataDir !== undefined);
	}

	get port(): number {
		return this.router.port;
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get joinToken(): string {
		return this.router.data.joinToken;
	}

	get adminKey(): string {
		return this.router.data.adminKey;
	}

	/** Ended with the household, last come first gone. */
	add<T extends Ended>(member: T): T {
		this.#members.push(member);
		return member;
	}

	async status(): Promise<FleetSnapshot> {
		const response = await fetch(`${this.url}/fleet/status`);
		return FleetSnapshotSchema.parse(await response.json());
	}

	async node(nodeId: string): Promise<NodeSnapshot | undefined> {
		return (await this.status()).nodes.find((node) => node.node_id === nodeId);
	}

	/** Waits until each of these machines takes work. */
	async ready(...nodeIds: string[]): Promise<void> {
		for (const nodeId of nodeIds) {
			await until(`${nodeId} takes work`, async () => {
				const node = await this.node(nodeId);
				return node?.status === "online" && node.blocked_by.length === 0 && node.ollama.models_available.length > 0;
			});
		}
	}

	/** Newest first. */
	async traces(limit = 100): Promise<Trace[]> {
		const response = await fetch(`${this.url}/dashboard/api/traces?limit=${limit}`);
		const body = (await response.json()) as { traces: unknown[] };
		return body.traces.map((row) => TraceSchema.parse(row));
	}

	/** The row of one request, once it is there. */
	traceOf(requestId: string | null | undefined): Promise<Trace> {
		return until(`the trace of ${requestId} is there`, async () => (await this.traces()).find((trace) => trace.request_id === requestId));
	}

	/** Waits until no request runs or waits. */
	async idle(): Promise<FleetSnapshot> {
		return until("the fleet is idle", async () => {
			const status = await this.status();
			return status.fleet.requests_active === 0 && status.fleet.requests_waiting === 0 && status;
		});
	}

	async stopRouter(): Promise<void> {
		if (this.#routerStopped) return;
		this.#routerStopped = true;
		await this.router.stop();
	}

	async stop(): Promise<void> {
		for (const member of this.#members.reverse()) await member.stop();
		await this.stopRouter();
		if (!this.#keepFolder) await rm(this.folder, { recursive: true, force: true });
	}
}
