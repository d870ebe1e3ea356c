/** A pull through the router is interrupted on either side; the next one goes through. */
import { until } from "../../../journeys/until.ts";
import type { Fault, Stage } from "../fault.ts";

const MODEL = "huge";
/** It takes seconds, at most. */
const BOUND_MS = 60_000;

interface Pulling {
	/** What has come of the answer. */
	text: string;
	readonly ended: Promise<void>;
	leave(): void;
}

function pull({ home, target }: Stage): Pulling {
	const abort = new AbortController();
	const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(BOUND_MS)]);
	const body = JSON.stringify({ model: MODEL, node_id: target.nodeId });
	const pulling = { text: "", ended: Promise.resolve(), leave: () => abort.abort() };
	const read = async () => {
		const response = await fetch(`${home.url}/api/pull`, { method: "POST", body, signal });
		for await (const chunk of response.body ?? []) pulling.text += Buffer.from(chunk).toString();
	};
	pulling.ended = read().catch((error: unknown) => {
		pulling.text += `\n${String(error)}`;
	});
	return pulling;
}

async function underWay(pulling: Pulling): Promise<void> {
	await until("the pull has begun", () => pulling.text.includes("completed"));
}

/** The whole of a pull that nobody disturbs. */
async function succeeds(stage: Stage): Promise<void> {
	const pulling = pull(stage);
	await pulling.ended;
	if (!pulling.text.includes('"success"')) stage.complain(`the next pull did not succeed: ${pulling.text.slice(-200)}`);
	const body = JSON.stringify({ model: MODEL, node_id: stage.target.nodeId });
	await (await fetch(`${stage.home.url}/api/delete`, { method: "DELETE", body })).text();
}

const clientLeaves: Fault = {
	name: "pull left by its client",
	harmless: true,
	async inject(stage) {
		const pulling = pull(stage);
		await underWay(pulling);
		pulling.leave();
		await pulling.ended;
	},
	heal: succeeds,
};

const machineDies: Fault = {
	name: "pull cut by its machine's end",
	async inject(stage) {
		const pulling = pull(stage);
		await underWay(pulling);
		await stage.target.powerOff();
		await pulling.ended;
		if (pulling.text.includes("TimeoutError")) stage.complain("a pull had no end within its bound");
		if (pulling.text.includes('"success"')) stage.complain("a pull claims a success that nobody had");
	},
	async heal(stage) {
		await stage.target.powerOn();
		await stage.home.ready();
		await succeeds(stage);
	},
};

export const pulls = [clientLeaves, machineDies];
