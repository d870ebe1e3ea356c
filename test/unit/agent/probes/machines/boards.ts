import type { Fixture } from "../fake-machine.ts";

const FOUR_CORES = Object.fromEntries(
	Array.from({ length: 4 }, (_, core) => [`/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`, `${core}\n`]),
);

/** Under-voltage was once, since it was switched on; it holds itself back now because it is warm. */
export const RASPBERRY_PI: Fixture = {
	platform: "linux",
	arch: "arm64",
	chip: "Cortex-A76",
	files: {
		"/proc/stat": "cpu  1 0 1 1 0 0 0 0 0 0\n",
		"/proc/meminfo": "MemTotal:        8256416 kB\nMemAvailable:    7100000 kB\n",
		"/proc/cpuinfo": "processor\t: 0\nBogoMIPS\t: 108.00\nCPU implementer\t: 0x41\n",
		"/proc/device-tree/model": "Raspberry Pi 5 Model B Rev 1.0\0",
		...FOUR_CORES,
		"/sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
		"/sys/class/thermal/thermal_zone0/temp": "82350\n",
	},
	programs: { vcgencmd: "throttled=0x10008" },
};

/** One of its zones can't be read; nvidia-smi knows a card of which it can tell nothing. */
export const JETSON_ORIN: Fixture = {
	platform: "linux",
	arch: "arm64",
	chip: "Cortex-A78AE",
	files: {
		"/proc/stat": "cpu  1 0 1 1 0 0 0 0 0 0\n",
		"/proc/meminfo": "MemTotal:       64341084 kB\nMemAvailable:   50000000 kB\n",
		"/proc/device-tree/model": "NVIDIA Jetson AGX Orin Developer Kit\0",
		...FOUR_CORES,
		"/sys/devices/platform/gpu.0/load": "374\n",
		"/sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
		"/sys/class/thermal/thermal_zone0/temp": "49250\n",
		"/sys/class/thermal/thermal_zone1/type": "cv0-thermal\n",
		"/sys/class/thermal/thermal_zone2/type": "gpu-thermal\n",
		"/sys/class/thermal/thermal_zone2/temp": "52125\n",
	},
	programs: { "nvidia-smi": "GPU-0, Orin (nvgpu), [N/A], [N/A], [N/A], [N/A]" },
};
