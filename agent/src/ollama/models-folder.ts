import type { Host } from "../probes/host.ts";
import { findEnvironment } from "./sources/all.ts";

const USUAL_PORT = "11434";

/** The folder that some Ollama on this machine was told to keep its models in. */
export async function toldModelsFolder(host: Host): Promise<string | undefined> {
	const found = await findEnvironment(host, USUAL_PORT, ({ OLLAMA_MODELS: folder }) => (folder ?? "") !== "");
	return found?.["OLLAMA_MODELS"];
}
