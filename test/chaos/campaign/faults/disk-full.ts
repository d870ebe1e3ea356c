/** The disk with the router's database is full, then has room again. */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../../journeys/until.ts";
import type { Fault, Stage } from "../fault.ts";

const PIECE_BYTES = 65_536;
/** The router saves what it has learned meanwhile, too: a little above its pause. */
const LEARNED_IS_SAVED_EVERY_MS = 32_000;

/** Resolves once the router has felt that its database takes nothing. */
export async function refused({ home }: Stage): Promise<void> {
	const isRefused = () => home.logged("Writing traces failed") > home.logged("Traces are written again");
	await until("the router can't write its traces", isRefused);
}

const ballastIn = ({ home }: Stage) => join(home.smallDisk ?? home.folder, "ballast");

export const diskFull: Fault = {
	name: "disk full",
	harmless: true,
	skip: (home) => (home.smallDisk ? undefined : "needs a small disk of its own, which only root may mount, on Linux"),
	inject: async (stage) => fill(ballastIn(stage)),
	async holds(stage) {
		await Promise.all([refused(stage), pause(LEARNED_IS_SAVED_EVERY_MS)]);
	},
	heal: async (stage) => rmSync(ballastIn(stage)),
};

/** To the last byte: smaller and smaller pieces. */
function fill(path: string): void {
	const file = openSync(path, "w");
	try {
		for (let bytes = PIECE_BYTES; bytes >= 1;) if (!write(file, bytes)) bytes /= 2;
	} finally {
		closeSync(file);
	}
}

function write(file: number, bytes: number): boolean {
	try {
		return writeSync(file, Buffer.alloc(bytes)) > 0;
	} catch {
		return false;
	}
}
