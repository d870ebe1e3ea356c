import { ago } from "../format.ts";

/** How long ago, the exact time on hover. `at` and `now` are epoch milliseconds. */
export function Moment({ at, now }: { at: number; now: number }) {
	const exact = new Date(at);
	return (
		<time dateTime={exact.toISOString()} title={exact.toLocaleString()}>
			{ago(at, now)}
		</time>
	);
}
