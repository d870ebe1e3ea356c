import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { Amount } from "../controls/amount.tsx";
import { Gauge } from "../controls/gauge.tsx";
import { celsius, gigabytes, percent } from "../format.ts";

type Gpu = NodeSnapshot["gpus"][number];

/** How hard the machine works: processor, memory, each graphics processor, warmth. */
export function NodeGauges({ node }: { node: NodeSnapshot }) {
	return (
		<div class="gauges">
			<Gauge label="CPU" filled={ratio(node.cpu?.utilization_pct, 100)}>
				<Amount of={percent(node.cpu?.utilization_pct)} />
				<Warmth celsiusNow={node.thermal.temperature_c} />
			</Gauge>
			<MemoryGauge memory={node.memory} />
			{node.gpus.map((gpu, index) => (
				<GpuGauges key={index} gpu={gpu} label={node.gpus.length > 1 ? `GPU ${index + 1}` : "GPU"} />
			))}
		</div>
	);
}

function MemoryGauge({ memory }: { memory: NodeSnapshot["memory"] }) {
	const strained = memory.pressure === "warn" || memory.pressure === "critical";
	return (
		<Gauge label="Memory" filled={ratio(memory.used_gb, memory.total_gb)} strained={strained}>
			<Portion used={memory.used_gb} total={memory.total_gb} />
			{strained && <span class="strain">{memory.pressure === "warn" ? "getting short" : "critical"}</span>}
		</Gauge>
	);
}

/** A GPU that shares the machine's memory has none of its own to show. */
function GpuGauges({ gpu, label }: { gpu: Gpu; label: string }) {
	const ownMemory = !gpu.unified && gpu.memory_total_gb !== undefined;
	return (
		<>
			{gpu.utilization_pct !== undefined && (
				<Gauge label={label} filled={ratio(gpu.utilization_pct, 100)}>
					<Amount of={percent(gpu.utilization_pct)} />
					<Warmth celsiusNow={gpu.temperature_c} />
				</Gauge>
			)}
			{ownMemory && (
				<Gauge label={`${label} mem.`} filled={ratio(gpu.memory_used_gb, gpu.memory_total_gb)}>
					<Portion used={gpu.memory_used_gb} total={gpu.memory_total_gb} />
				</Gauge>
			)}
		</>
	);
}

function Portion({ used, total }: { used: number | undefined; total: number | undefined }) {
	return (
		<span>
			<Amount of={{ number: gigabytes(used).number, unit: "" }} /> <span class="unit">of</span> <Amount of={gigabytes(total)} />
		</span>
	);
}

function Warmth({ celsiusNow }: { celsiusNow: number | undefined }) {
	return celsiusNow === undefined ? null : <Amount of={celsius(celsiusNow)} />;
}

function ratio(part: number | undefined, whole: number | undefined): number | undefined {
	return part === undefined || !whole ? undefined : part / whole;
}
