/** The fleet as a benchmark run sees it. Pure over the state given. */
import type { ModelFact, NodeFact } from "../../benchmarks/plan.ts";
import type { RunFacts } from "../../benchmarks/report.ts";
import type { Reading } from "../../benchmarks/utilization.ts";
import { catalogued } from "../../catalogue/lookup.ts";
import { categoryOf, talks } from "../../rewrite/category.ts";
import { fleetModel } from "../../rewrite/fleet-model.ts";
import { candidateOf, isEmbedder, parallelOf } from "../../routing/candidate.ts";
import { nodeReasons } from "../../routing/eligibility.ts";
import { fits } from "../../routing/fit.ts";
import type { FleetState, NodeRecord } from "../state.ts";

const GIB = 1024 ** 3;

/** Those that take work now. */
export function benchmarkNodes({ nodes }: Pick<FleetState, "nodes">): NodeFact[] {
	const usable = [...nodes.values()].filter((node) => node.status === "online" && nodeReasons(node).length === 0);
	return usable.map((node) => ({ nodeId: node.nodeId, parallel: parallelOf(node), models: modelFacts(node) }));
}

function modelFacts(node: NodeRecord): ModelFact[] {
	return [...node.installed].flatMap(([model, entry]) => {
		const candidate = candidateOf(node, model);
		const isEmbedding = isEmbedder(entry);
		if ((!isEmbedding && !talks(fleetModel(node, model))) || /(?:^|[:-])cloud$/.test(model)) return [];
		return {
			name: entry.name,
			type: isEmbedding ? ("embed" as const) : ("llm" as const),
			category: catalogued(model)?.category ?? categoryOf(fleetModel(node, model)),
			sizeBytes: entry.size,
			isLoaded: node.resident.has(model),
			thinks: entry.capabilities?.includes("thinking") ?? false,
			fits: fits(candidate),
		};
	});
}

export function readingsOf({ nodes }: Pick<FleetState, "nodes">): Reading[] {
	return [...nodes.values()]
		.filter(({ status }) => status === "online")
		.map(({ nodeId, beat: { cpu, memory }, inFlight }) => ({
			nodeId,
			cpuPct: 100 * (cpu.utilization_ratio ?? 0),
			memoryPct: (100 * memory.used_bytes) / memory.total_bytes,
			active: [...inFlight.values()].reduce((sum, count) => sum + count, 0),
		}));
}

/** Of the whole fleet, so that runs of other fleets can be told apart. */
export function snapshotOf({ nodes }: Pick<FleetState, "nodes">): RunFacts["nodes"] {
	return [...nodes.values()].map(({ nodeId, beat: { cpu, memory, platform } }) => ({
		node_id: nodeId,
		cores: cpu.cores_physical ?? 0,
		memory_total_gb: gib(memory.total_bytes),
		memory_available_gb: gib(memory.available_bytes),
		chip: platform.chip ?? "",
	}));
}

function gib(bytes: number): number {
	return Math.round((bytes / GIB) * 100) / 100;
}
