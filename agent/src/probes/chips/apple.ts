import type { Chip } from "./chip.ts";

/** Apple silicon, by the CPU's brand string. The first match wins. */
export const APPLE: readonly Chip[] = [
	{ pattern: /^Apple M1 Ultra$/i, gbps: 800, unified: true },
	{ pattern: /^Apple M1 Max$/i, gbps: 400, unified: true },
	{ pattern: /^Apple M1 Pro$/i, gbps: 200, unified: true },
	{ pattern: /^Apple M1$/i, gbps: 68.25, unified: true },
	{ pattern: /^Apple M2 Ultra$/i, gbps: 800, unified: true },
	{ pattern: /^Apple M2 Max$/i, gbps: 400, unified: true },
	{ pattern: /^Apple M2 Pro$/i, gbps: 200, unified: true },
	{ pattern: /^Apple M2$/i, gbps: 100, unified: true },
	{ pattern: /^Apple M3 Ultra$/i, gbps: 819, unified: true },
	{
		pattern: /^Apple M3 Max$/i,
		gbps: 400,
		unified: true,
		byMemory: [
			{ gb: [36, 96], gbps: 300 },
			{ gb: [48, 64, 128], gbps: 400 },
		],
	},
	{ pattern: /^Apple M3 Pro$/i, gbps: 150, unified: true },
	{ pattern: /^Apple M3$/i, gbps: 100, unified: true },
	{
		pattern: /^Apple M4 Max$/i,
		gbps: 546,
		unified: true,
		byMemory: [
			{ gb: [36], gbps: 410 },
			{ gb: [48, 64, 128], gbps: 546 },
		],
	},
	{ pattern: /^Apple M4 Pro$/i, gbps: 273, unified: true },
	{ pattern: /^Apple M4$/i, gbps: 120, unified: true },
	{ pattern: /^Apple M5 Ultra$/i, gbps: 1228, unified: true },
	{
		pattern: /^Apple M5 Max$/i,
		gbps: 614,
		unified: true,
		byMemory: [
			{ gb: [36], gbps: 460 },
			{ gb: [48, 64, 128], gbps: 614 },
		],
	},
	{ pattern: /^Apple M5 Pro$/i, gbps: 307, unified: true },
	{ pattern: /^Apple M5$/i, gbps: 153, unified: true },
	{
		pattern: /^Apple M6$/i,
		gbps: 153,
		unified: true,
		byMemory: [
			{ gb: [16], gbps: 153 },
			{ gb: [24, 32], gbps: 170 },
		],
	},
	{ pattern: /^Apple A18 Pro$/i, gbps: 60, unified: true },
];
