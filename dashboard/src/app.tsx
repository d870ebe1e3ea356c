import { useEffect } from "preact/hooks";
import { readFleet, readTraces } from "./api.ts";
import { clockSkewMs, useNow } from "./clock.ts";
import { epochMs } from "./format.ts";
import { Foot } from "./frame/foot.tsx";
import { lostWords } from "./frame/link-words.ts";
import { LostBanner } from "./frame/lost-banner.tsx";
import { titleWords } from "./frame/summary-words.ts";
import { TopRow } from "./frame/top-row.tsx";
import { Overview } from "./overview.tsx";
import { usePolled } from "./polling.ts";

const EVERY_MS = 2000;

/** The frame around every page: the row above, the word about the connection, the foot. */
export function App() {
	const fleet = usePolled(readFleet, EVERY_MS);
	const traces = usePolled(readTraces, EVERY_MS);
	const browserNow = useNow();
	const skewMs = clockSkewMs(fleet.data && epochMs(fleet.data.timestamp), fleet.goodAt);
	const now = browserNow + skewMs;
	const title = fleet.data ? titleWords(fleet.data) : "herd";
	useEffect(() => {
		document.title = title;
	}, [title]);
	const lost = lostWords(fleet.failure, fleet.goodAt, browserNow);
	const tracesLost = lost === undefined ? lostWords(traces.failure, traces.goodAt, browserNow) : undefined;
	return (
		<>
			<TopRow fleet={fleet.data} />
			<main>
				{fleet.data && <Overview fleet={fleet.data} traces={traces.data} tracesLost={tracesLost} now={now} />}
				{!fleet.data && lost && <p class="empty">{lost}</p>}
			</main>
			{fleet.data && <Foot fleet={fleet.data.fleet} now={now} />}
			<LostBanner words={fleet.data && lost} />
		</>
	);
}
