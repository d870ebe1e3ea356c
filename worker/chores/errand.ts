/** What a chore gets and gives: work at one or several nodes that takes no place there and leaves no trace row. */
import type { CreateRequest, Workplace } from "../fleet/workshop.ts";
import type { PullPlace, PullRequest } from "../fleet/pulls.ts";
import type { NamedNode, Target, Whereabouts } from "../fleet/targets.ts";
import type { PullLine } from "../protocol/manage.ts";
import type { InstalledModel } from "../protocol/ollama.ts";

export interface Errand {
	readonly id: string;
	/** The client's own; its signal tells when the client leaves. */
	readonly request: Request;
	/** Path and query as the client sent them. */
	readonly path: string;
}

/** The Fleet object, as chores see it. */
export interface FleetPort {
	/** Any node that answers, the least busy one; undefined when there is none. */
	someNode(): Promise<Target | undefined>;
	whoHas(model: string): Promise<Whereabouts>;
	nodeNamed(nodeId: string): Promise<NamedNode>;
	models(): ModelPort;
	suspect(nodeId: string): Promise<void>;
}

/** See the Fleet object's desk of that name. */
export interface ModelPort {
	placePull(request: PullRequest): Promise<PullPlace>;
	pullEnded(requestId: string): Promise<void>;
	pullProgress(requestId: string, lines: readonly PullLine[]): Promise<void>;
	placeUpload(): Promise<Workplace>;
	blobStored(digest: string, nodeId: string): Promise<void>;
	placeCreate(request: CreateRequest): Promise<Workplace>;
	noteModels(nodeId: string, models: readonly InstalledModel[]): Promise<void>;
}

export interface ChorePorts {
	/** A fresh stub each time: stubs belong to one call. */
	readonly fleet: () => FleetPort;
	readonly send: typeof fetch;
	/** Epoch milliseconds. */
	readonly now: () => number;
	readonly firstByteTimeoutMs: number;
	readonly maxBodyBytes: number;
}

export interface ChoreDone {
	readonly response: Response;
	/** Everything is over: the last byte is out, and what it changed is noted. */
	readonly settled: Promise<void>;
}

/** An answer with nothing left to do behind it. */
export function answered(response: Response): ChoreDone {
	return { response, settled: Promise.resolve() };
}
