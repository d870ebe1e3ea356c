/**
 * Tells whoever watches how the fleet changes. However many they are, the fleet is looked at once a second and each event is written
 * once; while nobody watches nothing is done.
 */
import type { LiveEvent } from "../../protocol/events.ts";
import type { Trace } from "../../protocol/trace.ts";
import { changesSince, type Picture, type Told, toldBy } from "./changes.ts";
import { frame, GREETING, HEARTBEAT } from "./frames.ts";
import { originEvent } from "./origin-event.ts";
import { Replay } from "./replay.ts";
import { type LiveForm, type Pipe, Watcher, type WatchWish } from "./watcher.ts";

const MOST_WATCHERS = 100;
const TICK_MS = 1_000;
/** The origin's pace. */
const TICKS_PER_ORIGIN_EVENT = 2;
const TICKS_PER_HEARTBEAT = 15;
/** Of a busy fleet a page shows samples. */
const MOST_REQUESTS_PER_TICK = 50;

export interface BroadcastParts {
	/** Taken once a tick. */
	readonly picture: () => Picture;
	readonly now: () => number;
	/** One that holds nothing back. */
	readonly pipe: () => Pipe;
	/** Another after each restart, so that nobody mistakes an old event's id for a new one's. */
	readonly epoch: string;
}

export class Broadcast {
	readonly #parts: BroadcastParts;
	readonly #watchers = new Set<Watcher>();
	readonly #encoder = new TextEncoder();
	readonly #replay = new Replay();
	#ticking: ReturnType<typeof setInterval> | undefined;
	#ticks = 0;
	#number = 0;
	#told: Told | undefined;
	#ended: Trace[] = [];

	constructor(parts: BroadcastParts) {
		this.#parts = parts;
	}

	get watching(): number {
		return this.#watchers.size;
	}

	/** Undefined when too many watch already. */
	watch(wish: WatchWish): ReadableStream<Uint8Array> | undefined {
		if (this.#watchers.size >= MOST_WATCHERS) return undefined;
		const watcher = new Watcher(wish, this.#parts.pipe(), (gone) => this.#left(gone));
		if (this.#watchers.size === 0) this.#ticking = setInterval(() => this.tick(), TICK_MS);
		this.#watchers.add(watcher);
		this.#write(watcher, GREETING + this.#firstWords(wish));
		return watcher.stream;
	}

	/** Its stream alone would tell with the next event only. */
	leave(watchId: string): void {
		for (const watcher of this.#watchers) if (watcher.id === watchId) watcher.drop();
	}

	/** A request has ended. */
	ended(trace: Trace): void {
		if (this.#watchers.size > 0 && this.#ended.length < MOST_REQUESTS_PER_TICK) this.#ended.push(trace);
	}

	/** To be called every second while somebody watches. */
	tick(): void {
		this.#ticks++;
		const now = this.#parts.now();
		for (const watcher of this.#watchers) if (watcher.isBehind(now)) watcher.drop();
		if (this.#watchers.size === 0) return;
		const picture = this.#parts.picture();
		const text = this.#changes(picture)
			.map((event) => this.#keep(event))
			.join("");
		const isOriginsTurn = this.#ticks % TICKS_PER_ORIGIN_EVENT === 0;
		const heartbeat = this.#ticks % TICKS_PER_HEARTBEAT === 0 ? HEARTBEAT : "";
		this.#writeAll("fleet", heartbeat + text);
		this.#writeAll("origin", isOriginsTurn ? frame({ id: this.#idOf(this.#number), data: originEvent(picture.status) }) : "");
	}

	#left(watcher: Watcher): void {
		if (!this.#watchers.delete(watcher) || this.#watchers.size > 0) return;
		if (this.#ticking !== undefined) clearInterval(this.#ticking);
		this.#told = undefined;
		this.#ended = [];
		// What happens while nobody watches is told to nobody
		this.#replay.forget(++this.#number);
	}

	/** What was missed, where that is known, else the whole picture. */
	#firstWords({ form, lastEventId }: WatchWish): string {
		if (form === "fleet") {
			const missed = this.#missedSince(lastEventId);
			if (missed !== undefined) return missed;
		}
		const picture = this.#parts.picture();
		if (form === "origin") return frame({ id: this.#idOf(this.#number), data: originEvent(picture.status) });
		this.#told ??= toldBy(picture);
		return frame({ id: this.#idOf(this.#number), name: "snapshot", data: picture });
	}

	/** Undefined when something between then and now is no longer kept. */
	#missedSince(lastEventId: string | undefined): string | undefined {
		const [epoch, number] = (lastEventId ?? "").split("-");
		const last = Number(number);
		if (epoch !== this.#parts.epoch || !Number.isInteger(last) || last > this.#number) return undefined;
		return this.#replay.since(last);
	}

	#changes(picture: Picture): LiveEvent[] {
		const after = toldBy(picture);
		const events = this.#told ? changesSince(this.#told, picture, after) : [];
		this.#told = after;
		const ended = this.#ended.map((trace) => ({ name: "request", data: summaryOf(trace) }) as const);
		this.#ended = [];
		return [...ended, ...events];
	}

	#keep({ name, data }: LiveEvent): string {
		const number = ++this.#number;
		const text = frame({ id: this.#idOf(number), name, data });
		this.#replay.keep({ number, text });
		return text;
	}

	#idOf(number: number): string {
		return `${this.#parts.epoch}-${number}`;
	}

	#writeAll(form: LiveForm, text: string): void {
		if (text === "") return;
		const bytes = this.#encoder.encode(text);
		for (const watcher of this.#watchers) if (watcher.form === form) watcher.write(bytes, this.#parts.now());
	}

	#write(watcher: Watcher, text: string): void {
		watcher.write(this.#encoder.encode(text), this.#parts.now());
	}
}

/** Columns that a list of requests shows. */
function summaryOf(trace: Trace): Extract<LiveEvent, { name: "request" }>["data"] {
	const { request_id, model, original_model, node_id, status, latency_ms, time_to_first_token_ms, queue_ms, prompt_tokens } = trace;
	const { completion_tokens, retry_count, fallback_used, error_message, timestamp, tags, reason, endpoint, streamed } = trace;
	const times = { latency_ms, time_to_first_token_ms, queue_ms, timestamp };
	const outcome = { status, retry_count, fallback_used, error_message, prompt_tokens, completion_tokens, reason };
	return { request_id, model, original_model, node_id, ...times, ...outcome, tags, class: trace.class, endpoint, streamed };
}
