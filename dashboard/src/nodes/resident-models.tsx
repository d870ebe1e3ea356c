import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { Amount } from "../controls/amount.tsx";
import { contextLength, counted, gigabytes } from "../format.ts";
import { occupancyWords, onDiskOnly, type ResidentModel, spillWords } from "./resident-words.ts";

/** The models a machine has in memory, and whether each works. */
export function ResidentModels({ node, now }: { node: NodeSnapshot; now: number }) {
	const models = [...node.ollama.models_loaded].sort((a, b) => a.name.localeCompare(b.name));
	if (models.length === 0) return <p class="residents-none aside">No model in memory</p>;
	return (
		<ul class="residents">
			{models.map((model) => (
				<Resident key={model.name} model={model} hasGpu={node.gpus.length > 0} now={now} />
			))}
		</ul>
	);
}

function Resident({ model, hasGpu, now }: { model: ResidentModel; hasGpu: boolean; now: number }) {
	const spill = spillWords(model, hasGpu);
	const busy = model.requests_active > 0;
	return (
		<li class={busy ? "busy" : "idle"}>
			<span class="resident-name" title={`${model.name} · ${model.parameter_size} · ${model.quantization}`}>
				{model.name}
			</span>
			<span class="resident-size">
				<Amount of={gigabytes(model.size_gb)} />
			</span>
			<span class="resident-context" title="context length it was loaded with">
				<Amount of={contextLength(model.context_length)} /> <span class="unit">context</span>
			</span>
			<span class="resident-occupancy">{occupancyWords(model, now)}</span>
			{spill && <span class="resident-spill">{spill}</span>}
		</li>
	);
}

/** What else the machine could load; the names on demand. */
export function OnDisk({ node }: { node: NodeSnapshot }) {
	const names = onDiskOnly(node);
	if (names.length === 0) return <span class="aside">nothing more on disk</span>;
	return (
		<details class="on-disk">
			<summary>{names.length} more on disk</summary>
			<p aria-label={counted(names.length, "model")}>{names.join(", ")}</p>
		</details>
	);
}
