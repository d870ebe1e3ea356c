/** How many places Ollama has given to a model, told by the programs that it starts for models. */
import { easyTextOf, namesIn } from "../probes/files.ts";
import type { Host } from "../probes/host.ts";

/** `undefined` while nothing is loaded, or where others' command lines are hidden. */
export async function readRunnerSlots(host: Host): Promise<number | undefined> {
	const lines = await commandLines(host).catch(() => []);
	// Of several servers nobody tells which has started what.
	if (lines.filter((line) => /(^|\/)ollama (serve|start)\b/.test(line)).length > 1) return undefined;
	const slots = lines.map(slotsIn).filter((count) => count !== undefined);
	// Some models get one place whatever is set.
	return slots.length === 0 ? undefined : Math.max(...slots);
}

/** One for each process, its arguments separated by blanks. */
async function commandLines(host: Host): Promise<string[]> {
	if (host.platform === "darwin") return (await host.run("/bin/ps", ["-axww", "-o", "command="])).split("\n");
	if (host.platform !== "linux") return [];
	const ids = (await namesIn(host.at("/proc"))).filter((name) => /^\d+$/.test(name));
	const lines = await Promise.all(ids.map((id) => easyTextOf(host.at(`/proc/${id}/cmdline`))));
	return lines.flatMap((line) => line?.replaceAll("\0", " ") ?? []);
}

/**
 * `llama-server --model … -np 2`, before 0.30 `ollama runner --model … --parallel 2`. A `llama-server` without a model only looks
 * for graphics cards, or is not Ollama's.
 */
export function slotsIn(line: string): number | undefined {
	if (!/(^|\/)(llama-server|ollama_llama_server|ollama runner)\b/.test(line)) return undefined;
	if (!/ --model \S*[/\\]blobs[/\\]sha256-/.test(line)) return undefined;
	const count = Number(/ (?:-np|--parallel) (\d+)( |$)/.exec(line)?.[1]);
	return count > 0 ? count : undefined;
}
