/** The Fleet object's own writes to its storage. */
import { saveEstimates } from "./estimators.ts";
import { saveNode } from "./persistence.ts";
import type { Storing } from "./savings.ts";

export function storingIn(storage: DurableObjectStorage): Storing {
	return {
		node: (node) => saveNode(storage, node),
		learned: ({ knowledge, learned }) => saveEstimates(storage, knowledge.estimates, learned),
	};
}
