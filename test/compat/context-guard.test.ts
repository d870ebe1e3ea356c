/** Two programs that ask for one model with different contexts: the classic way to make an Ollama load at every request. */
import { afterEach, describe, it } from "vitest";
import { startAgent } from "../../agent/src/agent.ts";
import { machineReport } from "../../agent/src/simulate/machine.ts";
import { startSimulatedOllama } from "../../agent/src/simulate/server.ts";
import { Household } from "../journeys/household.ts";

const MODEL = "llama3.1:8b";
const REQUESTS = 50;
/** A load takes a tenth of its real time and more than this; without one, next to nothing. */
const LOADED_NS = 50e6;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

let household: Household | undefined;

afterEach(async () => household?.stop());

async function startHousehold(policy: string): Promise<Household> {
	household = await Household.start({ variables: { FLEET_CONTEXT_PROTECTION: policy } });
	const simulated = household.add(await startSimulatedOllama({ profile: "mac-mini", timeScale: 10 }));
	const { url: routerUrl, joinToken: token, folder: dataDir } = household;
	const readMachine = async () => machineReport(simulated.profile, simulated);
	const door = { doorHost: "127.0.0.1", doorPort: 0 };
	household.add(
		await startAgent({ routerUrl, nodeId: "mini", ollamaUrl: simulated.url, ...door, token, dataDir, readMachine, log: SILENT }),
	);
	await household.ready("mini");
	return household;
}

/** One after the other: with `numCtx`, without, with… Returns how often the model was loaded after the first time, and the headers. */
async function alternate({ url }: Household, numCtx: number): Promise<{ reloads: number; rewrote: (string | null)[] }> {
	const rewrote: (string | null)[] = [];
	let loads = 0;
	for (let number = 0; number < REQUESTS; number++) {
		const options = { num_predict: 2, ...(number % 2 === 1 && { num_ctx: numCtx }) };
		const body = JSON.stringify({ model: MODEL, messages: [{ role: "user", content: "hello" }], stream: false, options });
		const response = await fetch(`${url}/api/chat`, { method: "POST", body });
		const { load_duration: loadNs } = (await response.json()) as { load_duration: number };
		if (loadNs > LOADED_NS) loads++;
		rewrote.push(response.headers.get("x-fleet-rewrote"));
	}
	return { reloads: loads - 1, rewrote };
}

describe("two clients, one with num_ctx and one without", () => {
	it("never reload a model that runs with the context both can have", async ({ expect }) => {
		expect((await alternate(await startHousehold("strip"), 4096)).reloads).toBe(0);
	});

	it("settle on the larger context after one reload, and header and trace say so", async ({ expect }) => {
		const home = await startHousehold("strip");
		const { reloads, rewrote } = await alternate(home, 8192);
		expect(reloads).toBe(1);
		expect(rewrote.slice(2, 4)).toEqual(["num_ctx absent -> 8192 (resident)", null]);
		const traces = (await (await fetch(`${home.url}/dashboard/api/traces?limit=2`)).json()) as { traces: { rewrote: string[] | null }[] };
		expect(traces.traces.map(({ rewrote: told }) => told)).toEqual([null, ["num_ctx absent -> 8192 (resident)"]]);
	});

	it("reload at every turn when nothing is rewritten", async ({ expect }) => {
		expect((await alternate(await startHousehold("passthrough"), 8192)).reloads).toBe(REQUESTS - 1);
	});
});
