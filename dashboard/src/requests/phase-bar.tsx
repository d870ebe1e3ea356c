import type { Trace } from "../../../worker/protocol/trace.ts";
import { Amount } from "../controls/amount.tsx";
import { duration } from "../format.ts";
import { phasesOf } from "./trace-words.ts";

/** Where the time went, from arrival to the last byte. */
export function PhaseBar({ trace }: { trace: Trace }) {
	const phases = phasesOf(trace);
	if (phases.length === 0) return null;
	return (
		<div class="phases">
			<div class="phase-bar" aria-hidden="true">
				{phases.map(({ name, ms }) => (
					<span key={name} class={`phase-${name}`} style={{ flexGrow: ms }} />
				))}
			</div>
			<ul>
				{phases.map(({ name, ms }) => (
					<li key={name}>
						<span class={`phase-key phase-${name}`} aria-hidden="true" />
						{name} <Amount of={duration(ms)} />
					</li>
				))}
			</ul>
		</div>
	);
}
