/**
 * Relays the progress of a pull or a create line by line, and holds its last one back for the moment it takes to tell the fleet:
 * whoever reads "success" finds the model listed.
 */
import type { Target } from "../fleet/targets.ts";
import { log } from "../log.ts";
import type { Answered } from "./call-node.ts";
import type { ChoreDone, ChorePorts, Errand } from "./errand.ts";
import { pump } from "./pump.ts";
import { refreshModels } from "./refresh-models.ts";
import { stamp } from "./relay.ts";
import type { ProgressTeller } from "./tell-progress.ts";

/** The last line of a stream, or the whole of a body that is not streamed. */
const SUCCESS = '{"status":"success"}';

export interface Progress {
	readonly errand: Errand;
	readonly target: Target;
	readonly called: Answered;
	readonly model: string;
	/** For the log: "Pull ended". */
	readonly deed: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Hears every piece. */
	readonly teller?: ProgressTeller;
}

export function relayProgress(
	{ errand, target, called, model, deed, headers: extra = {}, teller }: Progress,
	ports: ChorePorts,
): ChoreDone {
	const { response: upstream, abort, nodeId } = called;
	const headers = new Headers(upstream.headers);
	stamp(headers, { "X-Request-Id": errand.id, "X-Fleet-Node": nodeId, ...extra });
	const clientSignal = errand.request.signal;
	const watch = new Watch();
	const each = async (chunk: Uint8Array) => {
		teller?.see(chunk);
		if (watch.sees(chunk)) await refreshModels(target, errand.id, ports);
	};
	const { readable, ended } = pump(upstream, { abort, clientSignal, each });
	const settled = ended.then((end) => {
		const outcome = end === "complete" && watch.seen ? "success" : end === "complete" ? "refused" : end;
		return log("info", deed, { request_id: errand.id, node_id: nodeId, model, outcome });
	});
	return { response: new Response(readable, { status: upstream.status, headers }), settled };
}

/** Looks for the success in what passes, wherever it is cut. */
class Watch {
	readonly #decoder = new TextDecoder();
	#before = "";
	seen = false;

	/** True once: for the piece that completes it. */
	sees(chunk: Uint8Array): boolean {
		if (this.seen) return false;
		const text = this.#before + this.#decoder.decode(chunk, { stream: true });
		this.seen = text.includes(SUCCESS);
		this.#before = text.slice(-SUCCESS.length);
		return this.seen;
	}
}
