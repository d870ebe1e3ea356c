/** What the fleet shows of itself beside its state: metrics, health, live events, a line per request. One call per finished request. */
import { CHECKS } from "../../health/checks/all.ts";
import { look, NOTHING_YET, type Standing } from "../../health/engine.ts";
import type { RecentRequest } from "../../health/facts.ts";
import { healthReport } from "../../health/report.ts";
import { log } from "../../log.ts";
import { exposition } from "../../metrics/exposition.ts";
import type { TotalsPart } from "../../protocol/day-totals.ts";
import type { HealthReport } from "../../protocol/health.ts";
import type { Measured } from "../../protocol/measured.ts";
import type { PinList } from "../../protocol/pins.ts";
import type { Trace } from "../../protocol/trace.ts";
import type { Settings } from "../../settings.ts";
import { Broadcast } from "../live/broadcast.ts";
import type { Pipe, WatchWish } from "../live/watcher.ts";
import { toSnapshot } from "../snapshot.ts";
import type { FleetState, Lease } from "../state.ts";
import { DaySums } from "./day-sums.ts";
import { gatherFacts } from "./gather.ts";
import { fleetGauges } from "./gauges.ts";
import { Losses } from "./losses.ts";
import { recentRequest } from "./recent-request.ts";
import { RequestLog } from "./request-log.ts";
import { RequestMeters } from "./request-meters.ts";
import { Ring } from "./ring.ts";
import { routerGauges } from "./router-gauges.ts";
import { UsualSpeeds } from "./usual-speeds.ts";
import { vitalsOf } from "./vitals.ts";

const LOOK_EVERY_MS = 5_000;
/** An hour of a home's requests many times over, in half a megabyte. */
const REQUESTS_KEPT = 2_000;

export interface ObservatoryParts {
	readonly state: FleetState;
	readonly settings: () => Settings;
	readonly pins: () => PinList;
	readonly records: { readonly isRefused: boolean; readonly dropped: number };
	/** Sums over the requests of the day before the router's start. */
	readonly before: () => Promise<readonly TotalsPart[]>;
	readonly now: () => number;
	/** For live events. */
	readonly pipe: () => Pipe;
}

export interface Ended {
	/** The one the request gave back just now. */
	readonly lease: Lease | undefined;
	readonly measured: Measured;
	/** The client's own, of W3C trace context. */
	readonly traceId: string | undefined;
}

export class Observatory {
	readonly #parts: ObservatoryParts;
	readonly #meters = new RequestMeters();
	readonly #recent = new Ring<RecentRequest>(REQUESTS_KEPT);
	readonly #speeds = new UsualSpeeds();
	readonly #day = new DaySums();
	readonly #losses = new Losses();
	readonly #log = new RequestLog();
	readonly #broadcast: Broadcast;
	#standing: Standing = NOTHING_YET;
	#lookedAt = 0;
	#knowsDayBefore = false;

	constructor(parts: ObservatoryParts) {
		this.#parts = parts;
		const { state, now, pipe } = parts;
		const picture = () => ({ status: toSnapshot(state, now()), health: this.#report(now()) });
		this.#broadcast = new Broadcast({ picture, now, pipe, epoch: state.startedAt.toString(36) });
	}

	finished(trace: Trace, { lease, measured, traceId }: Ended): void {
		const recent = recentRequest({ trace, lease, measured, node: this.#parts.state.nodes.get(trace.node_id) });
		this.#meters.finished(trace, lease);
		this.#recent.push(recent);
		this.#speeds.add(recent);
		this.#day.add(trace, { loaded: recent.load !== undefined });
		this.#log.add(trace, traceId);
		this.#broadcast.ended(trace);
	}

	/** A request there was cancelled since nothing came back any more. */
	stalled(nodeId: string): void {
		this.#losses.stalled(nodeId, this.#parts.now());
	}

	/** To be called every second. */
	tick(): void {
		const now = this.#parts.now();
		this.#log.flush();
		if (!this.#knowsDayBefore) void this.#learnDayBefore();
		if (Math.abs(now - this.#lookedAt) >= LOOK_EVERY_MS) this.#look(now);
	}

	/** Writes what is not written yet. */
	flush(): void {
		this.#log.flush();
	}

	/** As things are now. */
	health(): HealthReport {
		const now = this.#parts.now();
		if (now !== this.#lookedAt) this.#look(now);
		return this.#report(now);
	}

	/** In Prometheus' text format. */
	metrics(): string {
		const { state, records, now } = this.#parts;
		const router = { health: this.health(), watching: this.#broadcast.watching, dropped: records.dropped, startedAt: state.startedAt };
		return exposition([...this.#meters.families(), ...fleetGauges(state, now()), ...routerGauges(router)]);
	}

	/** Undefined when too many watch already. */
	watch(wish: WatchWish): ReadableStream<Uint8Array> | undefined {
		return this.#broadcast.watch(wish);
	}

	leave(watchId: string): void {
		this.#broadcast.leave(watchId);
	}

	#report(now: number): HealthReport {
		return healthReport(this.#standing, vitalsOf(this.#parts.state, this.#day.total(now)), now);
	}

	#look(now: number): void {
		const { state, settings, pins, records } = this.#parts;
		this.#lookedAt = now;
		this.#losses.look(state, now);
		this.#speeds.keepOnly(state.nodes);
		const recorded = { refused: records.isRefused, dropped: records.dropped };
		const remembered = { recent: this.#recent.values(), speeds: this.#speeds.all(), records: recorded, losses: this.#losses, pins: pins() };
		this.#standing = look(this.#standing, CHECKS, gatherFacts(state, remembered, settings(), now));
	}

	async #learnDayBefore(): Promise<void> {
		this.#knowsDayBefore = true;
		try {
			for (const part of await this.#parts.before()) this.#day.include(part);
		} catch (error) {
			log("warn", "The health page begins without the last day's requests", { error: String(error) });
		}
	}
}
