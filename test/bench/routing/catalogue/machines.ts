/** The machines of the scenarios: constants of reference/ollama-api.md 6.3 as the routing study uses them. */

const GB = 1e9;
const GIB = 1024 ** 3;

export interface MachineSpec {
	readonly kind: string;
	readonly engine: "discrete" | "unified" | "cpu";
	/** The vendor's figure: all that a router may know of its speed. */
	readonly bandwidthGbps: number;
	/** What models can fill: of the card where there is one, else of the memory. */
	readonly usableBytes: number;
	readonly ramBytes: number;
	/** What the system and its owner's programs hold of it. */
	readonly ramBaselineBytes: number;
	readonly overheadS: number;
	readonly decodeGbps: number;
	readonly spillGbps: number;
	/** Tokens per second for a billion parameters, on the GPU and beside it. */
	readonly prefillRate: number;
	readonly spillPrefillRate: number;
	readonly embeddingRate: number;
	readonly startS: number;
	readonly loadGbps: number;
	/** Aggregate decode rate of b streams of a runner is that of one times b to this power. */
	readonly batchExponent: { readonly dense: number; readonly mixture: number };
}

const NVIDIA = {
	engine: "discrete",
	batchExponent: { dense: 0.8, mixture: 0.6 },
	startS: 1.2,
	spillGbps: 70,
	spillPrefillRate: 400,
} as const;
const APPLE = { engine: "unified", batchExponent: { dense: 0.6, mixture: 0.4 }, startS: 1, spillGbps: 66, spillPrefillRate: 400 } as const;

function machine(kind: string, base: typeof NVIDIA | typeof APPLE, figures: readonly number[]): MachineSpec {
	const [bandwidthGbps = 0, usableGb = 0, ramGib = 0, overheadMs = 0, decodeGbps = 0, prefillRate = 0, embeddingRate = 0, loadGbps = 0] =
		figures;
	return {
		...base,
		kind,
		bandwidthGbps,
		usableBytes: usableGb * GB,
		ramBytes: ramGib * GIB,
		ramBaselineBytes: ramGib > 16 ? 8 * GB : 4 * GB,
		overheadS: overheadMs / 1000,
		decodeGbps,
		prefillRate,
		embeddingRate,
		loadGbps,
	};
}

/** Columns: bandwidth, usable GB, RAM in GiB, overhead ms, decode GB/s, prefill rate, embedding rate, load GB/s. */
export const M3_ULTRA = machine("m3-ultra", APPLE, [819, 154, 192, 4, 640, 9500, 20_000, 5.5]);
export const M2_ULTRA = machine("m2-ultra", APPLE, [800, 154, 192, 4, 543, 8300, 20_000, 5.5]);
export const RTX_4090 = machine("4090", NVIDIA, [1008, 25.2, 64, 2.5, 950, 57_000, 40_000, 3.5]);
export const M3_MAX = machine("m3-max", APPLE, [400, 51.5, 64, 4.9, 332, 5000, 12_000, 5]);
export const MAC_MINI = machine("mac-mini", APPLE, [120, 11.5, 16, 4, 105, 1850, 5000, 2.8]);
/** These two are in no table of the study; scaled from the 4090 by bandwidth and arithmetic. */
export const RTX_3090 = machine("3090", NVIDIA, [936, 25.2, 64, 2.8, 820, 29_000, 25_000, 3.2]);
export const RTX_4060 = machine("4060", NVIDIA, [272, 8.2, 32, 3, 250, 13_000, 14_000, 3]);
export const NUC: MachineSpec = {
	kind: "nuc",
	engine: "cpu",
	bandwidthGbps: 51.2,
	usableBytes: 26 * GB,
	ramBytes: 32 * GIB,
	ramBaselineBytes: 2 * GB,
	overheadS: 0,
	decodeGbps: 33.7,
	spillGbps: 33.7,
	prefillRate: 205,
	spillPrefillRate: 205,
	embeddingRate: 1000,
	startS: 1,
	loadGbps: 1.5,
	batchExponent: { dense: 0.2, mixture: 0.2 },
};
