/** The time that "12 s ago" is counted from. */
import { useEffect, useState } from "preact/hooks";

/** Below this, a difference to the router's clock is as likely the network's delay: correcting it would only make times flicker. */
const TRUSTED_SKEW_MS = 3000;

/** This browser's clock, ticking each second. */
export function useNow(): number {
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 1000);
		return () => clearInterval(timer);
	}, []);
	return now;
}

/** How far the router's clock is ahead of this browser's; 0 when they agree well enough. */
export function clockSkewMs(routerAt: number | undefined, browserAt: number | undefined): number {
	if (routerAt === undefined || browserAt === undefined) return 0;
	const skewMs = routerAt - browserAt;
	return Math.abs(skewMs) < TRUSTED_SKEW_MS ? 0 : skewMs;
}
