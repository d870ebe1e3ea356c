/** Relays a progress stream of Ollama's (pull, create, push) and acts on how it ended. */
import type { Target } from "../fleet/targets.ts";
import { log } from "../log.ts";
import type { Answered } from "./call-node.ts";
import type { ChoreDone, ChorePorts, Errand } from "./errand.ts";
import { refreshModels } from "./refresh-models.ts";
import { relay, type Relayed, stamp } from "./relay.ts";

/** The last line of a stream, or the whole of a body that is not streamed. */
const SUCCESS = /\{"status":"success"\}\s*$/;

export interface Progress {
	readonly errand: Errand;
	readonly target: Target;
	readonly called: Answered;
	readonly model: string;
	/** For the log: "Pull ended". */
	readonly deed: string;
	readonly headers?: Readonly<Record<string, string>>;
}

/** After a success the fleet knows the node's new list of models. */
export function relayProgress({ errand, target, called, model, deed, headers = {} }: Progress, ports: ChorePorts): ChoreDone {
	const { response, ended } = relay(called, errand, ports);
	stamp(response.headers, headers);
	return { response, settled: actOn(ended, { errand, target, model, deed }, ports) };
}

async function actOn(
	ended: Relayed["ended"],
	{ errand, target, model, deed }: Omit<Progress, "called" | "headers">,
	ports: ChorePorts,
): Promise<void> {
	const { end, tail } = await ended;
	const succeeded = end === "complete" && SUCCESS.test(tail);
	log("info", deed, { request_id: errand.id, node_id: target.nodeId, model, outcome: succeeded ? "success" : end });
	if (succeeded) await refreshModels(target, errand.id, ports);
}
