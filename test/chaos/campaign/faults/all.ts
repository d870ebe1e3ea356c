/** Every fault of a campaign. A new one is an entry in a file of its kind, or a file and a line here. */
import type { Fault } from "../fault.ts";
import { agentFails } from "./agent-fails.ts";
import { clients } from "./clients.ts";
import { clockJumps } from "./clock-jumps.ts";
import { diskFull } from "./disk-full.ts";
import { machineDies } from "./machine-dies.ts";
import { networkFails } from "./network-fails.ts";
import { pulls } from "./pulls.ts";
import { routerDies } from "./router-dies.ts";
import { wrongAnswers } from "./wrong-answers.ts";

const calm: Fault = { name: "none", harmless: true, inject: async () => undefined, heal: async () => undefined };

export const FAULTS: readonly Fault[] = [
	calm,
	...machineDies,
	...agentFails,
	...networkFails,
	...wrongAnswers,
	...clients,
	...pulls,
	...routerDies,
	diskFull,
	clockJumps,
];
