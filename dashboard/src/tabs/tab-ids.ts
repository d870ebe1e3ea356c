/** The tabs' names in the address. */
export const TAB_IDS = ["overview", "trends", "models", "apps", "benchmarks", "health", "recommendations", "settings", "requests"] as const;

export type TabId = (typeof TAB_IDS)[number];

export const DEFAULT_TAB: TabId = "overview";

export function isTabId(text: string | undefined): text is TabId {
	return TAB_IDS.some((id) => id === text);
}
