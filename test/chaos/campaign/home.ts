/** The fleet of a campaign: `herd` as a process of its own, and machines around it. All of it can be broken, and put right. */
import { mkdtemp, rm } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FleetSnapshot, FleetSnapshotSchema } from "../../../worker/protocol/fleet.ts";
import { HerdProcess } from "../../journeys/herd-process.ts";
import type { Ended } from "../../journeys/household.ts";
import { until } from "../../journeys/until.ts";
import { CampaignMachine } from "./machine.ts";
import { mountSmallDisk, unmountSmallDisk } from "./small-disk.ts";

/** Short enough for a fault to be over within seconds: a little above the pause between beats. */
const VARIABLES = {
	FLEET_HEARTBEAT_TIMEOUT: "6",
	FLEET_HEARTBEAT_OFFLINE: "8",
	FLEET_QUEUE_TIMEOUT_S: "15",
	FLEET_BATCH_TIMEOUT_S: "15",
	FLEET_FIRST_BYTE_TIMEOUT_S: "8",
	FLEET_STALE_TIMEOUT: "12",
	FLEET_VRAM_FALLBACK: "false",
};
/** Each machine, and the model that only it has. */
const MACHINES = { attic: "slow2", bedroom: "memhog", cellar: "fim" } as const;

export class Home implements Ended {
	readonly folder: string;
	readonly port: number;
	/** Where the router's database is, when that is a disk of its own. */
	readonly smallDisk: string | undefined;
	readonly machines: CampaignMachine[] = [];
	#herd: HerdProcess;

	private constructor({ folder, port, smallDisk, herd }: Pick<Home, "folder" | "port" | "smallDisk" | "herd">) {
		this.folder = folder;
		this.port = port;
		this.smallDisk = smallDisk;
		this.#herd = herd;
	}

	static async start({ smallDisk }: { smallDisk: boolean }): Promise<Home> {
		const folder = await mkdtemp(join(tmpdir(), "herd-chaos-"));
		const disk = join(folder, "router");
		const hasDisk = smallDisk && (await mountSmallDisk(disk));
		const herd = new HerdProcess({ dataDir: folder, variables: VARIABLES });
		const home = new Home({ folder, port: await herd.port(), herd, smallDisk: hasDisk ? disk : undefined });
		const router = { port: home.port, folder, token: herd.secret("join-token") };
		for (const [nodeId, ownModel] of Object.entries(MACHINES))
			home.machines.push(await CampaignMachine.start({ nodeId, ownModel, router }));
		await home.ready();
		return home;
	}

	get herd(): HerdProcess {
		return this.#herd;
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** On the same port and folder. */
	async startHerd(): Promise<void> {
		if (this.#herd.running) return;
		this.#herd = new HerdProcess({ dataDir: this.folder, variables: VARIABLES, flags: ["--port", String(this.port)] });
		await this.#herd.port();
	}

	/** How often the log has a line with this text. */
	logged(text: string): number {
		return readFileSync(join(this.folder, "logs", "herd.jsonl"), "utf8").split(text).length - 1;
	}

	async status(): Promise<FleetSnapshot> {
		return FleetSnapshotSchema.parse(await (await fetch(`${this.url}/fleet/status`)).json());
	}

	/** Waits until every machine is there and can be reached. One that is left alone for its failures may still be that. */
	async ready(): Promise<void> {
		await until("all machines are back", async () => {
			const { nodes } = await this.status();
			const there = nodes.filter(({ status, blocked_by, ollama }) => {
				const isCut = blocked_by.includes("door-unreachable") || blocked_by.includes("ollama-down");
				return status === "online" && !isCut && ollama.models_available.length > 0;
			});
			return there.length === this.machines.length;
		});
	}

	async stop(): Promise<void> {
		for (const machine of this.machines) await machine.stop();
		await this.#herd.stop();
		if (this.smallDisk) await unmountSmallDisk(this.smallDisk);
		await rm(this.folder, { recursive: true, force: true });
	}
}
