import { busyOf } from "../candidate.ts";
import type { Signal } from "../signal.ts";

/** So many running requests make a node fully busy (the origin: 6 points each, 30 at most). */
const FULL_DEPTH = 5;
const SLOWEST = 0.25;
const FASTEST = 4;

/** Work on the node over all models, counted for less on a machine with more memory bandwidth than the fleet's middle. */
export const queueDepth: Signal = ({ node }, { medianBandwidthGbps }) => {
	const depth = busyOf(node) / speedRatio(node.beat.platform.memory_bandwidth_gbps, medianBandwidthGbps);
	return Math.min(1, depth / FULL_DEPTH);
};

function speedRatio(bandwidth: number | undefined, median: number | undefined): number {
	if (!bandwidth || !median) return 1;
	return Math.min(FASTEST, Math.max(SLOWEST, bandwidth / median));
}
