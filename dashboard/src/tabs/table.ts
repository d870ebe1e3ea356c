/** Every tab there is, in the order of the rail. */
import type { Tab } from "./tab.ts";

export const TABS: readonly Tab[] = [
	{
		id: "overview",
		label: "Overview",
		icon: "M2 7.5 8 2.5l6 5M3.5 6.5v7h9v-7M6.5 13.5v-4h3v4",
		load: async () => (await import("../overview.tsx")).Overview,
	},
];
