/** The machines' own figures, for `/metrics`. What a machine did not tell has no sample. Pure. */
import type { Family, Labels, Sample } from "../../metrics/family.ts";
import type { NodeRecord } from "../state.ts";

interface NodeGauge {
	readonly name: string;
	readonly help: string;
	/** A number, or one for each value of another label. */
	readonly read: (node: NodeRecord, now: number) => number | undefined | readonly { labels: Labels; value: number | undefined }[];
}

const GAUGES: readonly NodeGauge[] = [
	{
		name: "herd_node_up",
		help: "1 while the node beats",
		read: ({ status }) => Number(status === "online" || status === "degraded"),
	},
	{ name: "herd_node_last_seen_seconds", help: "Since the last beat", read: ({ lastSeenAt }, now) => (now - lastSeenAt) / 1000 },
	{
		name: "herd_node_info",
		help: "What the node runs; always 1",
		read: ({ beat }) => [
			{
				labels: {
					os: beat.platform.os,
					chip: beat.platform.chip ?? "",
					agent_version: beat.agent_version,
					ollama_version: beat.ollama.version ?? "",
					ollama_state: beat.ollama.state,
				},
				value: 1,
			},
		],
	},
	{ name: "herd_node_cpu_utilization_ratio", help: "Of all cores", read: ({ beat }) => beat.cpu.utilization_ratio },
	{ name: "herd_node_memory_total_bytes", help: "Memory", read: ({ beat }) => beat.memory.total_bytes },
	{ name: "herd_node_memory_available_bytes", help: "Memory that is free for models", read: ({ beat }) => beat.memory.available_bytes },
	{ name: "herd_node_disk_available_bytes", help: "Where Ollama keeps its models", read: ({ beat }) => beat.disk?.available_bytes },
	{ name: "herd_node_temperature_celsius", help: "The hottest sensor that counts", read: ({ beat }) => beat.thermal.temperature_celsius },
	{
		name: "herd_node_gpu_utilization_ratio",
		help: "Of a graphics card",
		read: ({ beat }) => beat.gpus.map((gpu) => ({ labels: { gpu: gpu.id }, value: gpu.utilization_ratio })),
	},
	{
		name: "herd_node_gpu_memory_total_bytes",
		help: "Of a graphics card",
		read: ({ beat }) => beat.gpus.map((gpu) => ({ labels: { gpu: gpu.id }, value: gpu.memory_total_bytes })),
	},
	{
		name: "herd_node_gpu_memory_used_bytes",
		help: "Of a graphics card",
		read: ({ beat }) => beat.gpus.map((gpu) => ({ labels: { gpu: gpu.id }, value: gpu.memory_used_bytes })),
	},
	{
		name: "herd_node_external_jobs",
		help: "Requests at its Ollama that did not come through the router",
		read: ({ external, beat }) => external?.jobs ?? beat.external_jobs,
	},
];

export function nodeGauges(nodes: readonly NodeRecord[], now: number): Family[] {
	return GAUGES.map(({ name, help, read }) => ({
		name,
		help,
		type: "gauge",
		samples: nodes.flatMap((node) => samplesOf(node.nodeId, read(node, now))),
	}));
}

function samplesOf(node: string, read: ReturnType<NodeGauge["read"]>): Sample[] {
	const several = typeof read === "object" ? read : [{ labels: {}, value: read }];
	return several.flatMap(({ labels, value }) => (value === undefined ? [] : [{ labels: { node, ...labels }, value }]));
}
