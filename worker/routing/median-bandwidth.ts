/** The middle of the fleet, against which a machine counts as fast or slow. Pure. */
import type { NodeView } from "./candidate.ts";

/** Over the nodes that are not offline; undefined when no node knows its own. */
export function medianBandwidth(nodes: readonly NodeView[]): number | undefined {
	const known = nodes
		.filter((node) => node.status !== "offline")
		.map((node) => node.beat.platform.memory_bandwidth_gbps ?? 0)
		.filter((bandwidth) => bandwidth > 0)
		.sort((a, b) => a - b);
	const middle = known.length / 2;
	return known.length % 2 === 1 ? known[Math.floor(middle)] : mean(known[middle - 1], known[middle]);
}

function mean(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? undefined : (a + b) / 2;
}
