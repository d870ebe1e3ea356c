import type { Fixture } from "../fake-machine.ts";

const GIB = 1024 ** 3;

/** The registry still knows the card from before the last start under another number; one program computes, another plays a film. */
const ADAPTERS = [
	{ AdapterLuid: 53_409, Description: "AMD Radeon RX 7800 XT", VendorId: 4098, DedicatedVideoMemory: 17_095_983_104 },
	{ AdapterLuid: 49_211, Description: "AMD Radeon RX 7800 XT", VendorId: 4098, DedicatedVideoMemory: 17_095_983_104 },
	{ AdapterLuid: 61_002, Description: "Microsoft Basic Render Driver", VendorId: 5140, DedicatedVideoMemory: 0 },
	{ AdapterLuid: 58_000, Description: "AMD Radeon(TM) Graphics", VendorId: 4098, DedicatedVideoMemory: 536_870_912 },
];
const ENGINES = [
	{ Name: "pid_8312_luid_0x00000000_0x0000D0A1_phys_0_eng_9_engtype_Compute 0", UtilizationPercentage: 70 },
	{ Name: "pid_400_luid_0x00000000_0x0000D0A1_phys_0_eng_9_engtype_Compute 0", UtilizationPercentage: 12 },
	{ Name: "pid_400_luid_0x00000000_0x0000D0A1_phys_0_eng_0_engtype_3D", UtilizationPercentage: 20 },
];

export const WINDOWS_AMD: Fixture = {
	platform: "win32",
	arch: "x64",
	chip: "AMD Ryzen 7 7700X 8-Core Processor",
	totalBytes: 34_070_523_904,
	freeBytes: 20 * GIB,
	powershell: {
		DirectX: JSON.stringify(ADAPTERS),
		GPUAdapterMemory: JSON.stringify({ Name: "luid_0x00000000_0x0000D0A1_phys_0", DedicatedUsage: 5_368_709_120 }),
		GPUEngine: JSON.stringify(ENGINES),
		ThermalZoneInformation: JSON.stringify({ Temperature: 331, PercentPassiveLimit: 100 }),
		PhysicalMemory: JSON.stringify([
			{ DataWidth: 64, ConfiguredClockSpeed: 6000 },
			{ DataWidth: 64, ConfiguredClockSpeed: 6000 },
		]),
	},
};

/** A laptop whose battery is nearly empty; it has slowed itself down. */
export const WINDOWS_LAPTOP: Fixture = {
	platform: "win32",
	arch: "x64",
	chip: "Intel(R) Core(TM) Ultra 7 155H",
	totalBytes: 16 * GIB,
	freeBytes: GIB,
	programs: { "nvidia-smi": "GPU-77, NVIDIA GeForce RTX 4060 Laptop GPU, 8188, 310, 0, 47" },
	powershell: {
		Win32_Battery: '{"EstimatedChargeRemaining":9,"BatteryStatus":4}',
		ThermalZoneInformation: JSON.stringify([
			{ Temperature: 0, PercentPassiveLimit: 100 },
			{ Temperature: 351, PercentPassiveLimit: 80 },
		]),
	},
};
