import { describe, it } from "vitest";
import { machineReport } from "../../../agent/src/simulate/machine.ts";
import { HOME_FLEET, profileNamed } from "../../../agent/src/simulate/profiles.ts";
import { HeartbeatSchema } from "../../../worker/protocol/heartbeat.ts";
import { Stage } from "./on-the-wire.ts";

const REST = {
	protocol: "1.0",
	node_id: "n",
	machine_id: "12345678",
	agent_version: "0",
	sent_at: 0,
	ollama: { state: "running", settings: {}, models_loaded: [] },
};

describe("what a simulated machine reports of itself", () => {
	for (const name of HOME_FLEET) {
		it(`is a lawful part of a heartbeat: ${name}`, async ({ expect }) => {
			const stage = await Stage.open({ profile: name });
			const report = machineReport(profileNamed(name), stage.ollama);
			expect(HeartbeatSchema.safeParse({ ...REST, ...report }).error).toBe(undefined);
			await stage.close();
		});
	}

	it("follows what is loaded and what runs", async ({ expect }) => {
		const stage = await Stage.open({ profile: "gaming-pc" });
		const profile = profileNamed("gaming-pc");
		const idle = machineReport(profile, stage.ollama);
		const stream = stage.ask("/api/generate", { model: "llama3.1:8b", prompt: "Hi", options: { num_predict: 2000 } });
		await stage.until(() => stream.received !== "");
		await stage.clock.advance(500);
		const busy = machineReport(profile, stage.ollama);
		expect(busy.gpus?.[0]?.utilization_ratio).toBeGreaterThan(0.9);
		expect((busy.gpus?.[0]?.memory_used_bytes ?? 0) - (idle.gpus?.[0]?.memory_used_bytes ?? 0)).toBe(
			stage.ollama.snapshot().resident[0]?.gpuBytes,
		);
		expect(busy.thermal.temperature_celsius).toBeGreaterThan(idle.thermal.temperature_celsius ?? 0);
		await stage.close();
	});

	it("is short of memory when a model fills the machine", async ({ expect }) => {
		const stage = await Stage.open({ profile: "macbook-pro", resident: ["llama3.3:70b"] });
		const { memory } = machineReport(profileNamed("macbook-pro"), stage.ollama);
		expect(memory.pressure).not.toBe("normal");
		await stage.close();
	});
});
