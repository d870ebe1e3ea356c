import type { Fixture } from "../fake-machine.ts";

/** A desktop that was sold with 32 GB: firmware and kernel keep some of it. */
const MEMINFO_32_GB = `MemTotal:       32722012 kB
MemFree:         1003416 kB
MemAvailable:   24612344 kB
Buffers:          401212 kB
Cached:         22811232 kB
SwapTotal:       8388604 kB
SwapFree:        8388604 kB
`;
const CALM = `some avg10=0.00 avg60=0.00 avg300=0.00 total=918273
full avg10=0.00 avg60=0.00 avg300=0.00 total=402911
`;
const STAT = "cpu  1000 0 500 8000 300 0 100 100 0 0\ncpu0 1000 0 500 8000 300 0 100 100 0 0\nintr 0\n";

/** Sixteen threads on eight cores. */
const CPUINFO = Array.from(
	{ length: 16 },
	(_, thread) => `processor\t: ${thread}\nmodel name\t: AMD Ryzen 7 7700X 8-Core Processor\nphysical id\t: 0\ncore id\t\t: ${thread % 8}\n`,
).join("\n");

const DESKTOP = {
	"/proc/stat": STAT,
	"/proc/meminfo": MEMINFO_32_GB,
	"/proc/pressure/memory": CALM,
	"/proc/self/cgroup": "0::/user.slice/user-1000.slice/user@1000.service/app.slice/herd-agent.service\n",
	"/proc/cpuinfo": CPUINFO,
	"/sys/class/hwmon/hwmon0/name": "nvme\n",
	"/sys/class/hwmon/hwmon0/temp1_input": "71850\n",
	"/sys/class/hwmon/hwmon1/name": "k10temp\n",
	"/sys/class/hwmon/hwmon1/temp1_input": "48875\n",
	"/sys/class/hwmon/hwmon1/temp3_input": "44250\n",
	"/sys/class/power_supply/hidpp_battery_0/type": "Battery\n",
	"/sys/class/power_supply/hidpp_battery_0/scope": "Device\n",
	"/sys/class/power_supply/hidpp_battery_0/status": "Discharging\n",
};

const RYZEN = { platform: "linux", arch: "x64", chip: "AMD Ryzen 7 7700X 8-Core Processor" } as const;

export const LINUX_NVIDIA: Fixture = {
	...RYZEN,
	files: DESKTOP,
	programs: { "nvidia-smi": "GPU-1b2c0000-aaaa-bbbb-cccc-000000000001, NVIDIA GeForce RTX 4070, 12282, 9120, 41, 63" },
};

/** A card of its own, and the processor's little graphics beside it. */
export const LINUX_AMD: Fixture = {
	...RYZEN,
	files: {
		...DESKTOP,
		"/sys/class/drm/card0-DP-1/device": { link: "../../../devices/pci/0000:03:00.0" },
		"/sys/class/drm/card0/device": { link: "../../../devices/pci/0000:03:00.0" },
		"/sys/devices/pci/0000:03:00.0/vendor": "0x1002\n",
		"/sys/devices/pci/0000:03:00.0/mem_info_vram_total": "25753026560\n",
		"/sys/devices/pci/0000:03:00.0/mem_info_vram_used": "904921088\n",
		"/sys/devices/pci/0000:03:00.0/mem_info_gtt_total": "16753977344\n",
		"/sys/devices/pci/0000:03:00.0/mem_info_gtt_used": "55218176\n",
		"/sys/devices/pci/0000:03:00.0/gpu_busy_percent": "12\n",
		"/sys/devices/pci/0000:03:00.0/power/runtime_status": "active\n",
		"/sys/devices/pci/0000:03:00.0/hwmon/hwmon4/temp1_input": "55000\n",
	},
	programs: {
		lspci:
			'03:00.0 "VGA compatible controller" "Advanced Micro Devices, Inc. [AMD/ATI]" "Navi 31 [Radeon RX 7900 XTX]" -rc8 "Sapphire" "e471"',
	},
};

/** All its memory is shared, half of it set aside for graphics by the firmware. */
export const STRIX_HALO: Fixture = {
	platform: "linux",
	arch: "x64",
	chip: "AMD RYZEN AI MAX+ 395 w/ Radeon 8060S",
	files: {
		...DESKTOP,
		"/proc/meminfo": "MemTotal:       65554940 kB\nMemAvailable:   58100220 kB\n",
		"/sys/class/drm/card1/device": { link: "../../../devices/pci/0000:c5:00.0" },
		"/sys/devices/pci/0000:c5:00.0/vendor": "0x1002\n",
		"/sys/devices/pci/0000:c5:00.0/mem_info_vram_total": "68719476736\n",
		"/sys/devices/pci/0000:c5:00.0/mem_info_vram_used": "1073741824\n",
		"/sys/devices/pci/0000:c5:00.0/mem_info_gtt_total": "33564129280\n",
		"/sys/devices/pci/0000:c5:00.0/mem_info_gtt_used": "1073741824\n",
		"/sys/devices/pci/0000:c5:00.0/gpu_busy_percent": "100\n",
		"/sys/devices/pci/0000:c5:00.0/hwmon/hwmon7/in1_label": "vddnb\n",
		"/sys/devices/pci/0000:c5:00.0/hwmon/hwmon7/temp1_input": "41000\n",
	},
	programs: { lspci: 'c5:00.0 "Display controller" "AMD" "Strix Halo [Radeon Graphics / Radeon 8050S Graphics / Radeon 8060S Graphics]"' },
};

/** An Arc card, and the graphics of the processor, which Ollama leaves alone. */
export const LINUX_INTEL: Fixture = {
	platform: "linux",
	arch: "x64",
	chip: "13th Gen Intel(R) Core(TM) i5-13400",
	files: {
		...DESKTOP,
		"/sys/class/drm/card0/device": { link: "../../../devices/pci/0000:00:02.0" },
		"/sys/devices/pci/0000:00:02.0/vendor": "0x8086\n",
		"/sys/class/drm/card1/device": { link: "../../../devices/pci/0000:03:00.0" },
		"/sys/devices/pci/0000:03:00.0/vendor": "0x8086\n",
		"/sys/devices/pci/0000:03:00.0/tile0/physical_vram_size_bytes": "12884901888\n",
		"/sys/devices/pci/0000:03:00.0/hwmon/hwmon5/name": "xe\n",
		"/sys/devices/pci/0000:03:00.0/hwmon/hwmon5/temp2_input": "46000\n",
		"/sys/devices/pci/0000:03:00.0/hwmon/hwmon5/temp3_input": "52000\n",
		"/sys/devices/system/cpu/cpu0/thermal_throttle/package_throttle_count": "3\n",
	},
	programs: { lspci: '03:00.0 "VGA compatible controller" "Intel Corporation" "Battlemage G21 [Intel Arc B580 Graphics]"' },
};

/** A container of 4 GiB in a virtual machine: no sensor, no card, no battery, a kernel that tells no stalls. */
export const LINUX_BARE: Fixture = {
	platform: "linux",
	arch: "x64",
	chip: "Intel(R) Xeon(R) Processor @ 2.80GHz",
	files: {
		"/proc/stat": STAT,
		"/proc/meminfo": MEMINFO_32_GB,
		"/proc/self/cgroup": "0::/docker/abc\n",
		"/sys/fs/cgroup/docker/abc/memory.max": "4294967296\n",
		"/sys/fs/cgroup/docker/abc/memory.current": "3221225472\n",
		"/sys/fs/cgroup/docker/abc/memory.stat": "anon 1073741824\ninactive_file 1073741824\nactive_file 0\n",
		"/sys/fs/cgroup/docker/memory.max": "max\n",
		"/proc/cpuinfo": "processor\t: 0\nphysical id\t: 0\ncore id\t\t: 0\n",
	},
};

export const WSL: Fixture = {
	platform: "linux",
	arch: "x64",
	chip: "12th Gen Intel(R) Core(TM) i7-12700K",
	files: {
		"/proc/stat": STAT,
		"/proc/meminfo": "MemTotal:       16301020 kB\nMemAvailable:   15001020 kB\n",
		"/proc/pressure/memory": CALM,
		"/proc/cpuinfo": "processor\t: 0\nphysical id\t: 0\ncore id\t\t: 0\n",
		"/usr/lib/wsl/lib/nvidia-smi": { script: 'echo "GPU-9d, NVIDIA GeForce RTX 3090, 24576, 1210, 2, 38"' },
	},
};

/** Its memory is the machine's: nvidia-smi tells none. */
export const DGX_SPARK: Fixture = {
	platform: "linux",
	arch: "arm64",
	chip: "Cortex-X925",
	files: {
		"/proc/stat": STAT,
		"/proc/meminfo": "MemTotal:       127600000 kB\nMemAvailable:   119000000 kB\n",
		"/proc/pressure/memory": CALM,
		"/sys/devices/system/cpu/cpu0/topology/thread_siblings_list": "0\n",
	},
	programs: { "nvidia-smi": "GPU-9, NVIDIA GB10, [N/A], [N/A], 3, 41" },
};
