/** How busy the machines were during a run. */
import { rounded } from "./percentile.ts";

/** A machine as its last beat tells; per cent. */
export interface Reading {
	readonly nodeId: string;
	readonly cpuPct: number;
	readonly memoryPct: number;
	readonly active: number;
}

export type Utilization = {
	readonly node_id: string;
	readonly cpu_avg: number;
	readonly cpu_peak: number;
	readonly mem_avg: number;
	readonly mem_peak: number;
	readonly active_peak: number;
};

/** Pure. */
export function utilizationOf(readings: readonly Reading[]): Utilization[] {
	return [...Map.groupBy(readings, ({ nodeId }) => nodeId)].map(([nodeId, of]) => ({
		node_id: nodeId,
		cpu_avg: average(of.map(({ cpuPct }) => cpuPct)),
		cpu_peak: rounded(Math.max(...of.map(({ cpuPct }) => cpuPct))),
		mem_avg: average(of.map(({ memoryPct }) => memoryPct)),
		mem_peak: rounded(Math.max(...of.map(({ memoryPct }) => memoryPct))),
		active_peak: Math.max(...of.map(({ active }) => active)),
	}));
}

function average(values: readonly number[]): number {
	return rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
}
