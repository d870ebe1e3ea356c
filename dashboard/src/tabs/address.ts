/** What the address bar says of the page: which tab, and what that tab shows. The hash is the admin key's. Pure. */
import { DEFAULT_TAB, isTabId, type TabId } from "./tab-ids.ts";

/** Of one tab: its range, filters, the opened thing. */
export type Params = Readonly<Record<string, string>>;

export interface Address {
	readonly tab: TabId;
	readonly params: Params;
}

/** `search` with or without its question mark. A tab that does not exist is the first one. */
export function addressIn(search: string): Address {
	const { tab, ...params } = Object.fromEntries(new URLSearchParams(search));
	return isTabId(tab) ? { tab, params } : { tab: DEFAULT_TAB, params: {} };
}

/** For links; the first tab needs no word. Empty values are left out. */
export function hrefOf(tab: TabId, params: Readonly<Record<string, string | undefined>> = {}): string {
	const search = new URLSearchParams();
	if (tab !== DEFAULT_TAB) search.set("tab", tab);
	for (const [name, value] of Object.entries(params)) if (value) search.set(name, value);
	if (tab === DEFAULT_TAB && search.size > 0) search.set("tab", tab);
	return search.size > 0 ? `/dashboard?${search}` : "/dashboard";
}
