import { rm } from "node:fs/promises";
import { afterEach, describe, it } from "vitest";
import { diskProbe } from "../../../../agent/src/probes/disk.ts";
import { textOf } from "../../../../agent/src/probes/files.ts";
import { allProbes, machineReader } from "../../../../agent/src/probes/machine.ts";
import { fakeMachine } from "./fake-machine.ts";
import type { FakeMachine, Fixture } from "./fake-machine.ts";
import { LINUX_NVIDIA } from "./machines/linux.ts";

const machines: FakeMachine[] = [];
afterEach(async () => {
	for (const machine of machines.splice(0)) await machine.remove();
});

async function begin(fixture: Fixture): Promise<FakeMachine> {
	const machine = await fakeMachine(fixture);
	machines.push(machine);
	return machine;
}

describe("a machine in trouble", () => {
	it("still tells everything else when its driver hangs, and names what hangs", async ({ expect }) => {
		const machine = await begin({ ...LINUX_NVIDIA, programs: { "nvidia-smi": { script: "exec /bin/sleep 60" } } });
		const read = machineReader(allProbes(), machine);
		const first = await read();
		expect(first).toMatchObject({ cpu: { cores_physical: 8 }, memory: { pressure: "normal" }, gpus: [] });
		machine.pass(3_000);
		const { failed_probes: failed } = await read();
		expect(failed).toEqual([{ probe: "nvidia", reason: "no answer within 3 s" }]);
	});

	it("tells a value that is gone from one that never was", async ({ expect }) => {
		const machine = await begin(LINUX_NVIDIA);
		const read = machineReader(allProbes(), machine);
		await read();
		await read();
		await machine.write("/proc/meminfo", "nonsense\n");
		machine.pass(5_000);
		const { memory, failed_probes: failed } = await read();
		expect(memory.total_bytes).toBe(32_722_012 * 1024);
		expect(failed).toEqual([{ probe: "memory", reason: "/proc/meminfo has no MemTotal; last value is 5 s old" }]);
	});

	it("asks for what does not change once an hour, and starts nothing for a beat but what the beat needs", async ({ expect }) => {
		const machine = await begin(LINUX_NVIDIA);
		const read = machineReader(allProbes(), machine);
		await read();
		await read();
		machine.started.length = 0;
		for (let beat = 0; beat < 3; beat++) {
			machine.pass(5_000);
			await read();
		}
		expect(machine.started.map((line) => line.split(" ")[0])).toEqual(["nvidia-smi", "nvidia-smi", "nvidia-smi"]);
	});
});

describe("a file of the kernel's", () => {
	it("that is not there is nothing, one that may not be read is an error", async ({ expect }) => {
		const machine = await begin(LINUX_NVIDIA);
		expect(await textOf(machine.at("/proc/pressure/cpu"))).toBeUndefined();
		// A folder can't be read as a file, whoever asks.
		await expect(textOf(machine.at("/proc/pressure"))).rejects.toThrow("EISDIR");
	});
});

describe("the disk", () => {
	it("is the one of the folder that Ollama was told, which is looked up once an hour, or of the usual ones", async ({ expect }) => {
		const machine = await begin({ ...LINUX_NVIDIA, files: { "/mnt/big/models/blobs/x": "", "/root/.ollama/models/blobs/x": "" } });
		let asked = 0;
		const probe = diskProbe(async () => ["/mnt/big/models", "/mnt/gone", undefined][asked++]);
		const pathAfter = async (ms: number) => {
			machine.pass(ms);
			return (await probe.read(machine, undefined))?.disk?.path;
		};
		expect(await pathAfter(0)).toBe("/mnt/big/models");
		expect(await pathAfter(60_000)).toBe("/mnt/big/models");
		expect(await pathAfter(3_600_000)).toBe("/root/.ollama/models");
		await rm(machine.at("/root"), { recursive: true });
		expect(await pathAfter(3_600_000)).toBe(machine.home);
	});
});

describe("the processor's load", () => {
	it("counts what the hypervisor gave to others, and no waiting for disks", async ({ expect }) => {
		const machine = await begin(LINUX_NVIDIA);
		const read = machineReader(allProbes(), machine);
		await read();
		machine.pass(5_000);
		await machine.write("/proc/stat", "cpu  1100 0 500 8250 350 0 100 200 0 0\n");
		expect((await read()).cpu.utilization_ratio).toBe(200 / 500);
	});
});
