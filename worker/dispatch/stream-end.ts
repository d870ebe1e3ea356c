/** How the passing on of a body ended. */
export type StreamEnd = "complete" | "client-gone" | "node-died";
