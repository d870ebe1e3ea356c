import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Tab, TabProps } from "./tab.ts";

const loaded = new Map<Tab["id"], ComponentType<TabProps>>();

/** The opened tab, once its code is there. */
export function TabView({ tab, ...props }: TabProps & { readonly tab: Tab }) {
	const [settled, setSettled] = useState<Tab>();
	useEffect(() => {
		let wanted = true;
		const load = async () => {
			const View = await tab.load().catch(() => undefined);
			if (View) loaded.set(tab.id, View);
			if (wanted) setSettled(tab);
		};
		void load();
		return () => {
			wanted = false;
		};
	}, [tab]);
	const View = loaded.get(tab.id);
	if (View) return <View key={tab.id} {...props} />;
	return settled === tab ? <FailedToLoad /> : <p class="aside">Loading.</p>;
}

function FailedToLoad() {
	return (
		<div class="empty">
			<p class="empty-title">This part of the page could not be loaded.</p>
			<p>
				The router was away, or has been updated. <button onClick={() => location.reload()}>Load the page again</button>
			</p>
		</div>
	);
}
