import { afterEach, describe, it } from "vitest";
import { nvidiaProbe } from "../../../../agent/src/probes/nvidia.ts";
import { parseNvidiaSmi } from "../../../../agent/src/probes/nvidia-csv.ts";
import type { Reading } from "../../../../agent/src/probes/probe.ts";
import { fakeMachine } from "./fake-machine.ts";
import type { FakeMachine, Fixture } from "./fake-machine.ts";

const LAPTOP: Fixture = { platform: "linux", arch: "x64", chip: "AMD Ryzen 9 7940HS" };
const CARD = "GPU-1, NVIDIA GeForce RTX 4060 Laptop GPU, 8188, 310, 7, 47";
const PCI = "/sys/bus/pci/devices/0000:01:00.0";

const machines: FakeMachine[] = [];
afterEach(async () => {
	for (const machine of machines.splice(0)) await machine.remove();
});

async function begin(fixture: Partial<Fixture>) {
	const machine = await fakeMachine({ ...LAPTOP, ...fixture });
	machines.push(machine);
	const probe = nvidiaProbe();
	let last: Reading | undefined;
	return { machine, read: async () => (last = await probe.read(machine, last)) };
}

describe("nvidia-smi", () => {
	it.for([
		[9, "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."],
		[18, "Failed to initialize NVML: Driver/library version mismatch"],
		[15, "Unable to determine the device handle for GPU0000:01:00.0: Unknown Error"],
		[2, 'Field "x" is not a valid field to query.'],
	] as const)("that ends with %i fails with its own words", async ([code, words], { expect }) => {
		const { read } = await begin({ programs: { "nvidia-smi": { script: `/bin/cat <<'END'\n${words}\nEND\nexit ${code}` } } });
		await expect(read()).rejects.toThrow(`nvidia-smi failed (${code}): ${words}`);
	});

	it("with a driver and no card has nothing to tell", async ({ expect }) => {
		const { read } = await begin({ programs: { "nvidia-smi": { script: "echo No devices were found; exit 6" } } });
		expect(await read()).toBeUndefined();
	});

	it("is found in Windows' store of drivers, the newest one", async ({ expect }) => {
		const store = "C:\\Windows\\System32\\DriverStore\\FileRepository";
		const { read } = await begin({
			platform: "win32",
			files: {
				[`${store}/nv_dispi.inf_amd64_1/readme`]: "",
				[`${store}\\nv_dispi.inf_amd64_1\\nvidia-smi.exe`]: { script: `echo "${CARD}"` },
			},
		});
		expect(await read()).toMatchObject({ gpus: [{ id: "GPU-1" }] });
	});

	it("tells a card's whole memory and no load where it is cut into slices", ({ expect }) => {
		const [card] = parseNvidiaSmi("GPU-3, NVIDIA A100-SXM4-40GB, 40960, 20, [N/A], 31\n");
		expect(card).toMatchObject({ unified: false, memory_total_bytes: 40_960 * 1024 ** 2 });
		expect(card).not.toHaveProperty("utilization_ratio");
	});

	it("is not believed about memory that is the machine's own", ({ expect }) => {
		const [card] = parseNvidiaSmi("GPU-5, NVIDIA RTX Spark N1X, 8128, 7929, 3, 41\n");
		expect(card).toMatchObject({ unified: true, utilization_ratio: 0.03 });
		expect(card).not.toHaveProperty("memory_total_bytes");
		expect(card).not.toHaveProperty("memory_used_bytes");
	});
});

describe("a laptop's card", () => {
	const files = { [`${PCI}/vendor`]: "0x10de\n", [`${PCI}/class`]: "0x030200\n", [`${PCI}/power/runtime_status`]: "active\n" };
	const battery = { "/sys/class/power_supply/BAT0/type": "Battery\n", "/sys/class/power_supply/BAT0/status": "Discharging\n" };

	it("that sleeps is not woken, and does nothing", async ({ expect }) => {
		const { machine, read } = await begin({ files, programs: { "nvidia-smi": CARD } });
		await read();
		await machine.write(`${PCI}/power/runtime_status`, "suspended\n");
		const asleep = await read();
		expect(machine.started).toHaveLength(1);
		expect(asleep?.gpus).toEqual([
			{
				id: "GPU-1",
				name: "NVIDIA GeForce RTX 4060 Laptop GPU",
				vendor: "nvidia",
				unified: false,
				memory_total_bytes: 8188 * 1024 ** 2,
				utilization_ratio: 0,
			},
		]);
		await machine.write(`${PCI}/power/runtime_status`, "active\n");
		expect(await read()).toMatchObject({ gpus: [{ temperature_celsius: 47 }] });
	});

	it("is given a minute to fall asleep when there is no mains", async ({ expect }) => {
		const { machine, read } = await begin({ files: { ...files, ...battery }, programs: { "nvidia-smi": CARD } });
		for (let beat = 0; beat < 13; beat++) {
			await read();
			machine.pass(5_000);
		}
		expect(machine.started).toHaveLength(2);
	});
});
