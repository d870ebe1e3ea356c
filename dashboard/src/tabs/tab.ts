import type { ComponentType } from "preact";
import type { FleetSnapshot } from "../../../worker/protocol/fleet.ts";
import type { Params } from "./address.ts";
import type { TabId } from "./tab-ids.ts";

/** What every tab gets. What else it needs it reads for itself, while it is shown. */
export interface TabProps {
	readonly fleet: FleetSnapshot;
	/** The router's clock, epoch milliseconds, ticking each second. */
	readonly now: number;
	/** Of this tab, from the address. */
	readonly params: Params;
	/** Changes some of them, and so the address; undefined takes one away. Typing and dragging replace the entry in the history. */
	readonly setParams: (changes: Readonly<Record<string, string | undefined>>, how?: "replace") => void;
}

export interface Tab {
	readonly id: TabId;
	readonly label: string;
	/** Paths of a 16 by 16 drawing, stroked. */
	readonly icon: string;
	/** Loaded when it is first opened. */
	readonly load: () => Promise<ComponentType<TabProps>>;
}
