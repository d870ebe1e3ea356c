import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { CopyLine } from "../controls/copy-line.tsx";
import { shellWord } from "../format.ts";

/** Named where no machine has a model yet, so that the line still shows the shape of a request. */
const EXAMPLE_MODEL = "llama3.2";

/** What to do while nothing was asked. */
export function NoRequests({ nodes }: { nodes: readonly NodeSnapshot[] }) {
	return (
		<div class="empty">
			<p class="empty-title">No requests yet</p>
			<p>Point any Ollama or OpenAI client at {location.origin}, or try it from a terminal:</p>
			<CopyLine line={exampleRequest(location.origin, modelToTry(nodes))} />
		</div>
	);
}

function exampleRequest(origin: string, model: string): string {
	const body = JSON.stringify({ model, messages: [{ role: "user", content: "Say hello" }] });
	return `curl ${origin}/api/chat -d ${shellWord(body)}`;
}

/** A model in memory answers soonest. */
function modelToTry(nodes: readonly NodeSnapshot[]): string {
	const online = nodes.filter((node) => node.status === "online");
	const resident = online.flatMap((node) => node.ollama.models_loaded.map((model) => model.name));
	const onDisk = online.flatMap((node) => node.ollama.models_available);
	return [...resident, ...onDisk].find((name) => !name.includes("embed")) ?? EXAMPLE_MODEL;
}
