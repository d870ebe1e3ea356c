import type { PullProgress } from "../fleet/auto-pull/while-pulled.ts";

/** How far a pull is, as the rest of a sentence: "is being pulled …". */
export function pullWords({ nodeId, completedBytes, totalBytes }: PullProgress): string {
	const [done, all] = [completedBytes, totalBytes].map((bytes) => (bytes / 1e9).toFixed(1));
	return nodeId === null ? "and waits for other pulls to end" : `to ${nodeId}, ${done} of ${all} GB so far`;
}
