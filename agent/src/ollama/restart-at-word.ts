/** Ollama is started anew because the router says so. */
import type { OllamaKeeper, Restarted } from "./keeper.ts";

const NOT_STARTED_HERE: Restarted = {
	kind: "not-ours",
	message: "This agent does not start the Ollama here (it runs without --start-ollama), so it can't start it anew: do that on the machine",
};

/** The router hears of it before whoever asked: they look there next, and nothing is in memory any more. */
export async function restartAtWord(keeper: OllamaKeeper | undefined, tellRouter: () => Promise<unknown>): Promise<Restarted> {
	const restarted = (await keeper?.restart()) ?? NOT_STARTED_HERE;
	if (restarted.kind === "restarted") await tellRouter();
	return restarted;
}
