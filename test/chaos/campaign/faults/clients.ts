/** What clients do to a router: leave in every phase, stop reading, come in crowds. */
import { until } from "../../../journeys/until.ts";
import type { Fault } from "../fault.ts";

/** More than all buffers on the way hold. */
const LONG_ANSWER_CHARACTERS = 8_000_000;

const leaving: Fault = {
	name: "clients leave in every phase",
	harmless: true,
	load: { leavers: 0.7 },
	inject: async () => undefined,
	heal: async () => undefined,
};

const stalling: Fault = {
	name: "clients stop reading",
	harmless: true,
	load: { stallers: 0.5 },
	async inject({ target, traffic, own }) {
		target.ollama.faults.longTokenCharacters = LONG_ANSWER_CHARACTERS;
		for (const leaves of [{}, { leaves: "hearing" as const }]) {
			void traffic.send(own({ stalls: true, stream: true, ...leaves }));
		}
		await until("the long answers are under way", () => target.ollama.snapshot().running.length > 0);
	},
	heal: async ({ target }) => {
		target.ollama.faults.longTokenCharacters = 0;
	},
};

/** All of them wait for the one machine that has their model, and it dies. */
const crowd: Fault = {
	name: "a crowd waits when the only node dies",
	async inject({ home, target, traffic, own, crowd: size }) {
		for (let number = 0; number < size; number++) void traffic.send(own({ tokens: 30 }));
		await until("the crowd waits", async () => (await home.status()).fleet.requests_waiting > size * 0.8);
		await target.powerOff();
	},
	heal: ({ target }) => target.powerOn(),
};

export const clients = [leaving, stalling, crowd];
