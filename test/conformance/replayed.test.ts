/** A node behind the router answers with the recorded bytes: the client must get those bytes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { ENDPOINTS } from "../../worker/dispatch/endpoints.ts";
import { Household } from "../journeys/household.ts";
import { startAgentOf } from "../journeys/machine.ts";
import { exchange } from "./raw-client.ts";
import { readRecordings, type Recording, requestBody } from "./recording.ts";
import { modelOf, type ReplayingOllama, startReplayingOllama } from "./replaying-ollama.ts";
import { RECORDING_SETS, recordingsFolder } from "./sets.ts";

const NODE = "replaying";

/** Exchanges on the routes that the router forwards. Failures above 499 are read whole, to be tried elsewhere first. */
function forwarded(folder: string): Recording[] {
	return readRecordings(folder).filter(({ request: { method, path } }) => method === "POST" && (path.split("?")[0] ?? "") in ENDPOINTS);
}

for (const [set, { version }] of Object.entries(RECORDING_SETS)) {
	const folder = join(recordingsFolder(), set);
	describe.skipIf(!existsSync(folder))(
		`answers recorded from ${set}, replayed behind the router (skipped without ../shared/golden)`,
		() => {
			const recordings = existsSync(folder) ? forwarded(folder) : [];
			let household: Household;
			let ollama: ReplayingOllama;

			beforeAll(async () => {
				household = await Household.start({
					variables: { FLEET_CONTEXT_PROTECTION: "passthrough", FLEET_KEEP_ALIVE: "client", FLEET_MAX_RETRIES: "0" },
				});
				ollama = household.add(
					await startReplayingOllama(version, [...new Set(recordings.flatMap((recording) => modelOf(recording) ?? []))]),
				);
				household.add(await startAgentOf(household, { nodeId: NODE, ollamaUrl: ollama.url, token: household.joinToken }));
				await household.ready(NODE);
			});
			afterAll(() => household?.stop());

			it.for(recordings.map((recording) => [recording.case, recording] as const))(
				"%s comes out byte for byte",
				async ([, recording], { expect }) => {
					ollama.play(recording);
					const headers = recording.request.headers.map(([name, value]): [string, string] =>
						name === "Host" ? [name, "localhost"] : [name, value],
					);
					const got = await exchange(household.url, { ...recording.request, headers, body: requestBody(recording) });
					const { response } = recording;
					expect(got.status).toBe(response.status);
					expect(got.chunks.join("")).toBe(response.chunks.map(({ text }) => text).join(""));
					expect(got.end).toBe(response.end === "clean" ? "clean" : "cut");
					const contentType = ([name]: readonly [string, string]) => name.toLowerCase() === "content-type";
					expect(got.headers.find(contentType)?.[1]).toBe(response.headers.find(contentType)?.[1]);
				},
			);
		},
	);
}
