/** How much a model was asked for lately. */
export interface ModelUsage {
	readonly model: string;
	/** Requests within a day. */
	readonly day: number;
	/** Within a week; of a busy fleet only the latest. */
	readonly week: number;
	/** Epoch seconds of the latest. */
	readonly latest: number;
}

/** How much a model was asked for on one node since its first request there. */
export interface NodeModelUsage {
	readonly node_id: string;
	readonly model: string;
	readonly requests: number;
	/** Epoch seconds. */
	readonly last_used: number;
}
