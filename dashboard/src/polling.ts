/** Asks again and again, keeps the last good answer and how old it is. */
import { useEffect, useState } from "preact/hooks";
import type { Answer, Failure } from "./answer.ts";

export interface Polled<T> {
	/** The last good answer, kept while the router is away. */
	readonly data: T | undefined;
	/** This browser's clock at the last good answer. */
	readonly goodAt: number | undefined;
	/** What went wrong since then. */
	readonly failure: Failure | undefined;
}

type Read<T> = (signal: AbortSignal) => Promise<Answer<T>>;

/** Polls while the page is visible; a page that comes back into view is fresh at once. `read` must be a stable function. */
export function usePolled<T>(read: Read<T>, everyMs: number): Polled<T> {
	const [polled, setPolled] = useState<Polled<T>>({ data: undefined, goodAt: undefined, failure: undefined });
	useEffect(() => {
		const onAnswer = (answer: Answer<T>) => setPolled((last) => withAnswer(last, answer, Date.now()));
		return startPolling(read, onAnswer, everyMs);
	}, [read, everyMs]);
	return polled;
}

function withAnswer<T>(last: Polled<T>, answer: Answer<T>, now: number): Polled<T> {
	if (answer.kind === "good") return { data: answer.data, goodAt: now, failure: undefined };
	return { ...last, failure: answer };
}

/** Never two questions at once: the next is timed from the end of the last. */
function startPolling<T>(read: Read<T>, onAnswer: (answer: Answer<T>) => void, everyMs: number): () => void {
	let ended = new AbortController();
	const run = async (signal: AbortSignal) => {
		while (!signal.aborted) {
			const answer = await read(signal);
			if (signal.aborted) return;
			onAnswer(answer);
			await pause(everyMs, signal);
		}
	};
	const restart = () => {
		ended.abort();
		ended = new AbortController();
		if (document.visibilityState === "visible") void run(ended.signal);
	};
	document.addEventListener("visibilitychange", restart);
	restart();
	return () => {
		document.removeEventListener("visibilitychange", restart);
		ended.abort();
	};
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, ms);
		signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
	});
}
