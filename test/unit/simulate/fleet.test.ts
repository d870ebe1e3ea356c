import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";
import { startHomeFleet } from "../../../agent/src/simulate/fleet.ts";
import { HOME_FLEET } from "../../../agent/src/simulate/profiles.ts";
import { HeartbeatSchema } from "../../../worker/protocol/heartbeat.ts";

const SILENT = { info() {}, warn() {}, error() {} };

describe("the home fleet", () => {
	it("joins a router with five machines that hold what they should", async ({ expect }) => {
		const beats = new Map<string, ReturnType<typeof HeartbeatSchema.parse>>();
		const all = Promise.withResolvers<void>();
		const router = createServer((request, response) => {
			let text = "";
			request.on("data", (part) => (text += String(part)));
			request.on("end", () => {
				const beat = HeartbeatSchema.safeParse(JSON.parse(text)).data;
				if (beat?.ollama.state === "running") beats.set(beat.node_id, beat);
				response.setHeader("content-type", "application/json").end(JSON.stringify({ status: "ok", secret: "s", need_models: true }));
				if (beats.size === HOME_FLEET.length) all.resolve();
			});
		});
		await new Promise<void>((resolve) => void router.listen(0, "127.0.0.1", resolve));
		const dataDir = await mkdtemp(join(tmpdir(), "home-fleet-"));
		const { port } = router.address() as AddressInfo;
		const fleet = await startHomeFleet({ routerUrl: `http://127.0.0.1:${port}`, dataDir, log: SILENT, token: "t" });
		await all.promise;
		expect([...beats.keys()].toSorted()).toEqual([...HOME_FLEET].toSorted());
		expect(beats.get("mac-studio")?.ollama.models_loaded.map(({ name }) => name)).toEqual(["llama3.3:70b"]);
		expect(beats.get("gaming-pc")?.gpus[0]?.name).toContain("4090");
		await fleet.stop();
		await new Promise((resolve) => router.close(resolve));
		await rm(dataDir, { recursive: true });
	});
});
