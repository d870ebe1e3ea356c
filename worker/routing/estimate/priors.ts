/** Speeds before anything was measured, from memory bandwidth and file size (routing study 1.4). Pure. */
import { discreteGpus, type NodeView } from "../candidate.ts";

const GB = 1e9;
/** What models run on. */
type Engine = "discrete" | "unified" | "cpu";

export interface Rates {
	readonly decodeTokensPerSecond: number;
	readonly prefillTokensPerSecond: number;
	readonly loadS: number;
}

/** Part of the peak bandwidth that decoding reaches. */
const DECODE_RATIO = 0.65;
/** Prefill is bound by arithmetic, of which these have so much per byte of bandwidth. */
const PREFILL_FACTOR: Record<Engine, number> = { discrete: 50, unified: 10, cpu: 4 };
/** Billions of parameters per GB of file, at the usual four-bit quantization. */
const PARAMETERS_PER_GB = 1.62;
const LOAD_START_S = 1.5;
const LOAD_GBPS = 2.5;
/** For machines whose chip is in no catalogue: modest ones of their kind. */
const BANDWIDTH_GBPS: Record<Engine, number> = { discrete: 360, unified: 150, cpu: 50 };
/** A model of unknown size. */
const FILE_GB = 5;

export function priorRates(node: NodeView, fileBytes: number): Rates {
	const engine = engineOf(node);
	const bandwidth = node.beat.platform.memory_bandwidth_gbps ?? BANDWIDTH_GBPS[engine];
	const fileGb = fileBytes > 0 ? fileBytes / GB : FILE_GB;
	return {
		decodeTokensPerSecond: (DECODE_RATIO * bandwidth) / fileGb,
		prefillTokensPerSecond: (PREFILL_FACTOR[engine] * bandwidth) / (PARAMETERS_PER_GB * fileGb),
		loadS: LOAD_START_S + fileGb / LOAD_GBPS,
	};
}

function engineOf(node: NodeView): Engine {
	if (discreteGpus(node).length > 0) return "discrete";
	return node.beat.gpus.some(({ unified }) => unified) ? "unified" : "cpu";
}
