/** Asking the router for what one tab shows: again when the question changes, and every so often while it is in view. */
import { useCallback, useState } from "preact/hooks";
import type { ZodType } from "zod";
import { readJson } from "./api.ts";
import { type Polled, usePolled } from "./polling.ts";

export interface Reading<T> extends Polled<T> {
	/** Asks at once. */
	readonly again: () => void;
}

/** `path` with its query; the last good answer stays until that of a new path is there. `schema` must be a constant. */
export function useReading<T>(path: string, schema: ZodType<T>, everyMs: number): Reading<T> {
	const [turn, setTurn] = useState(0);
	const read = useCallback((signal: AbortSignal) => readJson(path, schema, signal), [path, schema, turn]);
	const polled = usePolled(read, everyMs);
	return { ...polled, again: () => setTurn(turn + 1) };
}
