/** The machine's system says that its memory is short. */
import { type Check, WHEN_IT_LASTS } from "../check.ts";
import { gb, listed, nodesThere } from "../readings.ts";

export const memoryPressure: Check = {
	id: "memory_pressure",
	...WHEN_IT_LASTS,
	find: (facts) =>
		nodesThere(facts).flatMap(({ nodeId, beat: { memory }, resident }) => {
			const { pressure, used_bytes: used, total_bytes: total } = memory;
			if (pressure !== "warn" && pressure !== "critical") return [];
			const models = resident.map(({ name }) => name);
			return [
				{
					severity: pressure === "critical" ? "critical" : "warning",
					title: `Memory is short on ${nodeId}`,
					description: `${gb(used)} of ${gb(total)} are in use${models.length > 0 ? `, with ${listed(models)} loaded` : ""}.${pressure === "critical" ? " Nothing is loaded there until that is over." : ""}`,
					fix: "Close other programs there, or unload a model (`ollama stop NAME`). A smaller OLLAMA_NUM_PARALLEL or context takes less memory per model.",
					nodeId,
					data: { used_gb: used / 1024 ** 3, total_gb: total / 1024 ** 3, pressure },
				},
			];
		}),
};
