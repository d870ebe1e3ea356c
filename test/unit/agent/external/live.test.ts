/** Real connections over this machine's loopback, counted by its own tools. */
import { execFileSync, spawn } from "node:child_process";
import { afterEach, describe, it } from "vitest";
import { externalCounter } from "../../../../agent/src/external/count.ts";
import { readProcNet } from "../../../../agent/src/external/proc-net.ts";
import { until } from "../../../journeys/until.ts";
import { listen } from "../servers.ts";

function hasSs(): boolean {
	try {
		execFileSync("ss", ["-V"], { stdio: "ignore" });
		return true;
	} catch {
		return false;
	}
}

/** Another program: asks once for each path, and keeps its connections. */
const CLIENT = `
	const agent = new http.Agent({ keepAlive: true });
	for (const path of process.argv.slice(2)) http.get({ agent, host: "127.0.0.1", port: process.argv[1], path }, (answer) => answer.resume());
`;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe.runIf(process.platform === "linux" && hasSs())("on Linux", () => {
	it("counts what other programs ask, and neither their idle connections nor our own", async ({ expect }) => {
		let asked = 0;
		const ollama = await listen((request, response) => {
			asked += 1;
			if (request.url !== "/work") response.end("{}");
		});
		cleanups.push(() => ollama.close());
		const count = externalCounter(ollama.url);
		// Busy, so that an Ollama of this machine's own which rests is no reason to count nothing.
		const gpu = { id: "0", name: "a card", vendor: "other", unified: false, utilization_ratio: 1 } as const;
		const around = { inFlight: [], gpus: [gpu], modelsLoaded: 1 };
		await (await fetch(ollama.url)).text();
		void fetch(`${ollama.url}/work`).catch(() => undefined);
		const other = spawn(process.execPath, ["-e", CLIENT, String(ollama.port), "/work", "/work", "/list"], { stdio: "inherit" });
		cleanups.push(() => other.kill());
		await until("all have asked", () => asked === 5);
		await until("both jobs are counted", async () => (await count?.(around)) === 2);
		expect(await readProcNet(ollama.port)).toHaveLength(5);
		other.kill();
		await until("they have gone", async () => (await count?.(around)) === 0);
	});
});

describe("an Ollama elsewhere", () => {
	it("is not counted", ({ expect }) => {
		expect(externalCounter("http://192.0.2.7:11434")).toBeUndefined();
		expect(externalCounter("http://ollama.example:11434")).toBeUndefined();
		for (const host of ["localhost", "127.0.0.1", "[::1]"]) expect(externalCounter(`http://${host}:11434`)).toBeDefined();
	});
});
