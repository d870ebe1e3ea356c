import { useEffect } from "preact/hooks";
import { readFleet } from "./api.ts";
import { clockSkewMs, useNow } from "./clock.ts";
import { epochMs } from "./format.ts";
import { lostWords } from "./frame/link-words.ts";
import { LostBanner } from "./frame/lost-banner.tsx";
import { titleWords } from "./frame/summary-words.ts";
import { Rail } from "./frame/rail.tsx";
import { TopRow } from "./frame/top-row.tsx";
import { usePolled } from "./polling.ts";
import { TABS } from "./tabs/table.ts";
import { TabView } from "./tabs/tab-view.tsx";
import { useAddress } from "./tabs/use-address.ts";

const EVERY_MS = 2000;

/** The frame around every tab: the way to the others, the row above, the word about the connection. */
export function App() {
	const fleet = usePolled(readFleet, EVERY_MS);
	const { address, setParams } = useAddress();
	const browserNow = useNow();
	const skewMs = clockSkewMs(fleet.data && epochMs(fleet.data.timestamp), fleet.goodAt);
	const now = browserNow + skewMs;
	const tab = TABS.find(({ id }) => id === address.tab) ?? TABS[0];
	const title = titleWords(fleet.data, tab?.label);
	useEffect(() => {
		document.title = title;
	}, [title]);
	const lost = lostWords(fleet.failure, fleet.goodAt, browserNow);
	return (
		<div class="page">
			<Rail tabs={TABS} current={address.tab} fleet={fleet.data?.fleet} now={now} />
			<div>
				<TopRow fleet={fleet.data} />
				<main>
					{fleet.data && tab && <TabView tab={tab} fleet={fleet.data} now={now} params={address.params} setParams={setParams} />}
					{!fleet.data && lost && <p class="empty">{lost}</p>}
				</main>
			</div>
			<LostBanner words={fleet.data && lost} />
		</div>
	);
}
