/** A node whose agent lives may still have stopped speaking: then nothing but the time since its last byte tells. */

export interface Watchdog {
	/** There was a sign of life. */
	feed(): void;
	stop(): void;
}

/** Calls `onSilence` once nothing has fed it for so long; never, when no time is given. */
export function watchdog(silenceMs: number | undefined, onSilence: () => void): Watchdog {
	if (silenceMs === undefined) return { feed: () => undefined, stop: () => undefined };
	let timer = setTimeout(onSilence, silenceMs);
	const stop = () => clearTimeout(timer);
	const feed = () => {
		stop();
		timer = setTimeout(onSilence, silenceMs);
	};
	return { feed, stop };
}
