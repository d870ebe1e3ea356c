/** The fleets of the scenarios. */
import { Draws } from "../draws.ts";
import * as machines from "./machines.ts";
import type { MachineSpec } from "./machines.ts";
import * as models from "./models.ts";
import { type ModelSpec, neededBytesOf } from "./models.ts";

export interface FleetNode {
	readonly id: string;
	readonly machine: MachineSpec;
	readonly models: readonly ModelSpec[];
}

const SMALL = [models.LLAMA_3B, models.QWEN_7B, models.LLAMA_8B, models.NOMIC];
const NOT_70B = models.HOME_MODELS.filter(({ name }) => name !== models.LLAMA_70B.name);

export const HOME: readonly FleetNode[] = [
	{ id: "m3-ultra", machine: machines.M3_ULTRA, models: models.HOME_MODELS },
	{ id: "4090", machine: machines.RTX_4090, models: NOT_70B },
	{ id: "m3-max", machine: machines.M3_MAX, models: NOT_70B },
	{ id: "mac-mini", machine: machines.MAC_MINI, models: SMALL },
	{ id: "nuc", machine: machines.NUC, models: [models.LLAMA_3B, models.NOMIC] },
];

export const GPU8: readonly FleetNode[] = Array.from({ length: 8 }, (_, index) => ({
	id: `gpu-${index}`,
	machine: machines.RTX_4090,
	models: [models.LLAMA_8B, models.GPT_OSS, models.QWEN_32B],
}));

/** The second reads its disk so slowly that a load takes 8 s. */
export const TWO: readonly FleetNode[] = [
	{ id: "node-0", machine: machines.M3_ULTRA, models: [models.LLAMA_8B] },
	{ id: "node-1", machine: { ...machines.M3_ULTRA, loadGbps: 0.7 }, models: [models.LLAMA_8B] },
];

const TEN = [
	machines.M3_ULTRA,
	machines.M2_ULTRA,
	machines.RTX_4090,
	machines.RTX_4090,
	machines.RTX_3090,
	machines.RTX_4060,
	machines.RTX_4060,
	machines.M3_MAX,
	machines.M3_MAX,
	machines.MAC_MINI,
];
const INSTALLED_RATIO = 0.45;
const INSTALL_SEED = 4711;

/** The same for every seed: what varies between seeds is the work. */
export const BIG: readonly FleetNode[] = bigFleet();

function bigFleet(): FleetNode[] {
	const draws = new Draws(INSTALL_SEED);
	return Array.from({ length: 50 }, (_, index) => {
		const machine = TEN[index % TEN.length] ?? machines.M3_MAX;
		const fitting = models.MANY_MODELS.filter((model) => neededBytesOf(model, 1) <= machine.usableBytes);
		const id = `${String(index).padStart(2, "0")}-${machine.kind}`;
		return { id, machine, models: fitting.filter(() => draws.unit() < INSTALLED_RATIO) };
	});
}
