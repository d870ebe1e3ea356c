import type { FleetSnapshot } from "../../../worker/protocol/fleet.ts";
import { summaryWords } from "./summary-words.ts";
import "./frame.css";

/** The row that never leaves: whose page it is, and the state of the house in words. */
export function TopRow({ fleet }: { fleet: FleetSnapshot | undefined }) {
	const words = fleet ? summaryWords(fleet) : ["asking the router"];
	return (
		<header class="top-row">
			<h1>
				<Logo />
				herd
			</h1>
			<ul class="summary" aria-label="Summary">
				{words.map((part, index) => (
					<li key={index}>{part}</li>
				))}
			</ul>
		</header>
	);
}

function Logo() {
	return (
		<svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
			<path d="M3 8h8M6.5 8 11.5 3M6.5 8l5 5" />
			<circle cx="2.75" cy="8" r="1.75" />
			<circle cx="12.5" cy="3" r="1.75" />
			<circle cx="12.5" cy="8" r="1.75" />
			<circle cx="12.5" cy="13" r="1.75" />
		</svg>
	);
}
