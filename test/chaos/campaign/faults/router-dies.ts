/** The router's own processes are killed or started anew, and its trace file can't be written. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { until } from "../../../journeys/until.ts";
import { isAlive } from "../../../journeys/herd-process.ts";
import type { Fault, Stage } from "../fault.ts";
import { refused } from "./disk-full.ts";

const workerdKilled: Fault = {
	name: "workerd killed",
	routerGoes: true,
	async inject({ home }) {
		const pid = home.herd.workerdPid();
		process.kill(pid, "SIGKILL");
		await until("workerd is gone", () => !isAlive(pid));
	},
	heal: async () => undefined,
};

function ended(name: string, signal: NodeJS.Signals): Fault {
	return {
		name,
		routerGoes: true,
		async inject({ home }) {
			const pid = home.herd.workerdPid();
			home.herd.signal(signal);
			await home.herd.ended();
			await until("its workerd is gone", () => !isAlive(pid));
			await home.startHerd();
		},
		heal: ({ home }) => home.startHerd(),
	};
}

/** Another program holds the database's one place for writers: as good as a full disk, and possible everywhere. */
function locked(): Fault {
	let holder: DatabaseSync | undefined;
	return {
		name: "trace file can't be written",
		harmless: true,
		async inject({ home }: Stage) {
			holder = new DatabaseSync(join(home.folder, "latency.db"));
			const database = holder;
			await until("the database is held", () => {
				database.exec("BEGIN IMMEDIATE");
				return true;
			});
		},
		holds: refused,
		heal: async () => holder?.close(),
	};
}

export const routerDies = [
	workerdKilled,
	ended("router killed and started anew", "SIGKILL"),
	ended("router restarted", "SIGTERM"),
	locked(),
];
