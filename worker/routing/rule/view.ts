/** What the rule sees of the fleet: machines as last reported, plus what only the router knows. Plain data. */
import type { RequestClass, RouteRequest } from "../../protocol/inference.ts";
import type { NodeView } from "../candidate.ts";
import { medianBandwidth } from "../median-bandwidth.ts";
import type { PrefixMark } from "../../protocol/inference.ts";

/** One of the router's own requests on a node. */
export interface Job {
	readonly requestId: string;
	readonly model: string;
	readonly requestClass: RequestClass;
	/** Embeddings have their own place. */
	readonly isEmbedding: boolean;
	/** Epoch milliseconds at which it was sent there. */
	readonly startedAt: number;
	/** Load, prefill and decode as expected then, alone on the machine. */
	readonly estimateS: number;
	readonly expectedTokens: number;
	/** Models that its load pushes out: gone from when it is sent, whatever the last beat said. */
	readonly pushesOut?: readonly string[];
	/** Epoch milliseconds; absent until the first token. */
	readonly firstTokenAt?: number;
	/** As far as counted; absent: reckoned from the time since the first token. */
	readonly streamedTokens?: number;
}

/** Work on a node that did not come through the router. */
export interface External {
	readonly jobs: number;
	/** Epoch milliseconds since which there has been some without a pause. */
	readonly since: number;
}

/** A machine with what decides its cost. */
export interface RuleNode extends NodeView {
	/** Its `inFlight` counts the same requests. */
	readonly jobs: readonly Job[];
	readonly external?: External;
	/** Memory a load of a model would take, by canonical name. Absent models are taken at their file size. */
	readonly neededBytes: ReadonlyMap<string, number>;
	/** What models can fill; absent where Ollama does not look (CPU only). */
	readonly usableBytes?: number;
	/** Models in memory at once. */
	readonly maxLoaded: number;
}

/** The nodes that may matter for a model, found without looking at the others. */
export interface FleetIndex {
	readonly nodes: readonly RuleNode[];
	/** By canonical name: nodes with the model on disk or in memory. */
	readonly byModel: ReadonlyMap<string, readonly RuleNode[]>;
	readonly medianBandwidthGbps: number | undefined;
}

/** To be made anew when a node comes, goes, or gets other models; not per request. */
export function indexFleet(nodes: readonly RuleNode[]): FleetIndex {
	const byModel = new Map<string, RuleNode[]>();
	for (const node of nodes) {
		for (const model of new Set([...node.installed.keys(), ...node.resident.keys()])) {
			const holders = byModel.get(model);
			if (holders) holders.push(node);
			else byModel.set(model, [node]);
		}
	}
	return { nodes, byModel, medianBandwidthGbps: medianBandwidth(nodes) };
}

/** A request no place was found for yet. */
export interface Waiting {
	readonly request: RouteRequest;
	/** The canonical name it is to be served as. */
	readonly model: string;
	/** Whose answers to expect: the app's tag, else the key. */
	readonly app: string;
	/** Whom fairness is between. */
	readonly key: string;
	/** Epoch milliseconds of its arrival; a retry keeps the first. */
	readonly since: number;
	readonly marks: readonly PrefixMark[];
}
