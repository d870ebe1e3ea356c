/** Where Ollama keeps its models there is little room left: pulls will fail. */
import { type Check, WHEN_IT_LASTS } from "../check.ts";
import { gb, nodesThere } from "../readings.ts";

const GIB = 1024 ** 3;
/** A usual model fits no more; and nothing does. */
const LITTLE_BYTES = 20 * GIB;
const NONE_BYTES = 2 * GIB;
/** A small disk is not full just since it is small. */
const LITTLE_RATIO = 0.1;

export const diskNearlyFull: Check = {
	id: "disk_nearly_full",
	...WHEN_IT_LASTS,
	find: (facts) =>
		nodesThere(facts).flatMap(({ nodeId, beat: { disk }, installed }) => {
			if (!disk || disk.available_bytes >= LITTLE_BYTES || disk.available_bytes >= LITTLE_RATIO * disk.total_bytes) return [];
			const models = installed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
			return [
				{
					severity: disk.available_bytes < NONE_BYTES ? "critical" : "warning",
					title: `The disk of ${nodeId} is nearly full`,
					description: `${gb(disk.available_bytes)} of ${gb(disk.total_bytes)} are free at ${disk.path}; ${installed.length} models take ${gb(models)}.`,
					fix: "Delete models that nobody asks for (`ollama rm NAME`), or move them with OLLAMA_MODELS to a larger disk.",
					nodeId,
					data: { available_gb: disk.available_bytes / GIB, total_gb: disk.total_bytes / GIB, models_gb: models / GIB },
				},
			];
		}),
};
