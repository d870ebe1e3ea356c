import type { Fixture } from "../fake-machine.ts";

const GIB = 1024 ** 3;

const VM_STAT = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                                3541.
Pages active:                            368822.
Pages inactive:                          365881.
Pages speculative:                         1722.
Pages throttled:                              0.
Pages wired down:                        210334.
Pages purgeable:                          10000.
"Translation faults":                 905221789.
Anonymous pages:                         600000.
Pages stored in compressor:              900000.
Pages occupied by compressor:            250000.`;

const IOREG = `+-o AGXAcceleratorG15P  <class AGXAcceleratorG15P, id 0x1000004c3, registered, matched, active, busy 0 (0 ms), retain 94>
    "model" = "Apple M3"
    "PerformanceStatistics" = {"In use system memory (driver)"=0,"Alloc system memory"=2310537216,"Device Utilization %"=28,"Renderer Utilization %"=27,"In use system memory"=640155648}
    "gpu-core-count" = 10`;

/** More than four fifths full and with swap, but at ease: the kernel says so. */
export const MACBOOK: Fixture = {
	platform: "darwin",
	arch: "arm64",
	chip: "Apple M3",
	totalBytes: 24 * GIB,
	files: {
		"/home/somebody/.ollama/logs/server.log": [
			'time=2026-05-04T08:15:02.118+02:00 level=INFO source=routes.go:1951 msg="server config" env="map[OLLAMA_HOST:http://127.0.0.1:11434]"',
			'time=2026-05-04T08:15:03.118+02:00 level=INFO source=types.go:42 msg="inference compute" id=0 filter_id="" library=Metal compute=0.0 name=Metal description="Apple M3" libdirs="" driver=0.0 pci_id="" type=discrete total="17.8 GiB" available="17.8 GiB"',
			'[GIN] 2026/05/04 - 08:15:09 | 200 |      51.336µs |       127.0.0.1 | GET      "/api/ps"',
			"",
		].join("\n"),
	},
	programs: {
		vm_stat: VM_STAT,
		ioreg: IOREG,
		sysctl: {
			script:
				'case "$2" in kern.memorystatus_vm_pressure_level) echo 1;; iogpu.wired_limit_mb) echo 0;; hw.physicalcpu) echo 8;; *) exit 1;; esac',
		},
		notifyutil: "com.apple.system.thermalpressurelevel 1",
		pmset: "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=4325475)\t87%; discharging; 3:10 remaining present: true",
	},
};

/** Ollama runs on its processor, whatever card is in it. */
export const INTEL_MAC: Fixture = {
	platform: "darwin",
	arch: "x64",
	chip: "Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz",
	totalBytes: 16 * GIB,
	programs: {
		vm_stat: VM_STAT.replace("16384", "4096"),
		sysctl: { script: 'case "$2" in kern.memorystatus_vm_pressure_level) echo 2;; hw.physicalcpu) echo 6;; *) exit 1;; esac' },
		pmset: {
			script: `case "$2" in batt) echo "Now drawing from 'AC Power'";; *) printf 'Note: No thermal warning level has been recorded\\nCPU_Speed_Limit \\t= 80\\n';; esac`,
		},
	},
};
