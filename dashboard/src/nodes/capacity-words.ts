/** What a machine's owner leaves to the fleet, in words. Pure. */
import type { NodeSnapshot } from "../../../worker/protocol/fleet.ts";
import { counted, epochMs, gigabytes, inWords, shellWord } from "../format.ts";
import type { Trouble } from "./trouble-words.ts";

type Capacity = NonNullable<NodeSnapshot["capacity"]>;

const DAY_MS = 86_400_000;
/** The agent's reasons for taking nothing new. */
const PAUSED: Readonly<Record<string, string>> = {
	paused_by_owner: "Paused by its owner",
	paused_at_router: "Paused at the router",
	quiet_hours: "Its owner's quiet hours",
	on_battery: "On battery, so it takes no work",
	sustained_high_load: "In use by its owner: something has kept it busy for minutes",
	currently_busy: "In use by its owner",
	historically_busy_slot: "At this hour it usually is its owner's",
	owner_active: "Its owner is there and needs it",
};

/** Why it takes nothing new, until when, and how to end it. `now` in epoch milliseconds. */
export function pauseWords(nodeId: string, { reason, until }: Capacity, now: number): Trouble {
	const why = PAUSED[reason] ?? `Paused: ${reason.replaceAll("_", " ")}`;
	const what = `${why}${until === undefined ? "" : ` until ${timeWords(epochMs(until), now)}`}.`;
	if (reason === "paused_at_router") return { what, advice: "To end it:", command: `npm start -- nodes resume ${shellWord(nodeId)}` };
	if (reason === "paused_by_owner") return { what, advice: "To end it, on that machine:", command: "npm run agent -- resume" };
	return { what, advice: undefined };
}

/** `18:00`, with the day when it is another one. */
function timeWords(at: number, now: number): string {
	const time = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
	if (new Date(at).toDateString() === new Date(now).toDateString()) return time;
	const day = at - now < 6 * DAY_MS ? ({ weekday: "short" } as const) : ({ day: "numeric", month: "short" } as const);
	return `${new Date(at).toLocaleDateString("en-GB", day)} ${time}`;
}

/** What an owner who pauses nothing keeps; undefined when that is nothing. */
export function limitWords({ capacity }: NodeSnapshot): string | undefined {
	if (!capacity || capacity.mode === "paused") return undefined;
	const { ceiling_gb: ceiling, max_places: places, reason } = capacity;
	const limits = [
		...(ceiling > 0 ? [`loads models up to ${inWords(gigabytes(ceiling))}`] : []),
		...(places === undefined ? [] : [`takes ${counted(places, "request")} at once`]),
	];
	if (limits.length === 0) return undefined;
	return `${reason === "owner_active" ? "Its owner is there: it" : "It"} ${limits.join(" and ")}.`;
}
