import { useState } from "preact/hooks";
import type { FleetSnapshot } from "../../../worker/protocol/fleet.ts";
import { hrefOf } from "../tabs/address.ts";
import type { Tab } from "../tabs/tab.ts";
import type { TabId } from "../tabs/tab-ids.ts";
import { Foot } from "./foot.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";
import "./rail.css";

/** On a phone the bar at the bottom has room for so many and "More". */
const ALWAYS_SHOWN = 4;

interface RailProps {
	readonly tabs: readonly Tab[];
	readonly current: TabId;
	readonly fleet: FleetSnapshot["fleet"] | undefined;
	readonly now: number;
}

/** The way to every tab: a column at the left, on a phone a bar at the bottom. */
export function Rail({ tabs, current, fleet, now }: RailProps) {
	const [isOpen, setOpen] = useState(false);
	const links = (some: readonly Tab[]) => some.map((tab) => <RailLink key={tab.id} tab={tab} isCurrent={tab.id === current} />);
	return (
		<nav class="rail" aria-label="Tabs" onClick={(event) => event.target instanceof Element && event.target.closest("a") && setOpen(false)}>
			<ul>{links(tabs.slice(0, ALWAYS_SHOWN))}</ul>
			<button class="rail-more quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
				<Icon path="M3 8h.01M8 8h.01M13 8h.01" />
				More
			</button>
			<div class={isOpen ? "rail-rest is-open" : "rail-rest"}>
				<ul>{links(tabs.slice(ALWAYS_SHOWN))}</ul>
				<ThemeSwitch />
				{fleet && <Foot fleet={fleet} now={now} />}
			</div>
		</nav>
	);
}

function RailLink({ tab: { id, label, icon }, isCurrent }: { tab: Tab; isCurrent: boolean }) {
	return (
		<li>
			<a href={hrefOf(id)} aria-current={isCurrent ? "page" : undefined}>
				<Icon path={icon} />
				{label}
			</a>
		</li>
	);
}

function Icon({ path }: { path: string }) {
	return (
		<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
			<path d={path} />
		</svg>
	);
}
