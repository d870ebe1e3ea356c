/** What a beat changes. Pure over the state given. */
import type { Heartbeat } from "../protocol/heartbeat.ts";
import type { InstalledModel, ResidentModel } from "../protocol/ollama.ts";
import type { Estimates } from "../routing/estimate/estimates.ts";
import { learnFootprint } from "../routing/estimate/footprint.ts";
import { idleSince } from "../routing/estimate/occupancy.ts";
import { canonicalName } from "../routing/names.ts";
import { endedLately, renewLeases } from "./leases.ts";
import { endLoads } from "./leftover.ts";
import { statusAt } from "./liveness.ts";
import { roomOf } from "./room.ts";
import type { FleetState, NodeRecord } from "./state.ts";

/** How long a model seen to answer is believed loaded while no beat lists it: a beat may have been read before the load ended. */
const LOADED_SINCE_TRUST_MS = 6_000;

export interface Identity {
	readonly secret: string;
	readonly approved: boolean;
}

/** A record for a machine that was not known under this name, or not with this secret. */
export function newNode(beat: Heartbeat, { secret, approved }: Identity, now: number): NodeRecord {
	const node: NodeRecord = {
		nodeId: beat.node_id,
		machineId: beat.machine_id,
		secret,
		approved,
		left: false,
		lastSeenAt: now,
		status: approved ? "online" : "pending",
		beat,
		installedEntries: undefined,
		doorReachable: false,
		drained: false,
		installed: new Map(),
		resident: new Map(),
		loadedSince: new Map(),
		learnedContexts: new Map(),
		unloadedAt: new Map(),
		breakers: new Map(),
		inFlight: new Map(),
		latencyP75Ms: new Map(),
		jobs: [],
		occupancy: idleSince(now),
		neededBytes: new Map(),
		maxLoaded: 1,
	};
	setModels(node, beat);
	setWeek(node, beat);
	return node;
}

/** Takes in a beat of a known node. True when something changed that must outlive a restart. */
export function applyBeat(state: FleetState, node: NodeRecord, beat: Heartbeat, now: number): boolean {
	const before = durableFacts(node);
	const doorMoved = node.beat.door_url !== beat.door_url;
	const resident = [...node.resident.keys()];
	node.beat = beat;
	node.lastSeenAt = now;
	node.left = false;
	node.status = statusAt(node, state.patience, now);
	if (doorMoved) node.doorReachable = false;
	setModels(node, beat);
	setWeek(node, beat);
	keepJustLoaded(node, now);
	for (const model of resident) if (!node.resident.has(model)) leftMemory(state, node, model, now);
	learnRoom(node, state.knowledge.estimates);
	seeExternal(node, (beat.external_jobs ?? 0) + strayWork(state, node, now), now);
	renewLeases(state, node.nodeId, beat.in_flight, now);
	endLoads(state, node, now);
	return before !== durableFacts(node);
}

/** True while the router has never been told what is on the node's disk. */
export function needsModels(node: NodeRecord): boolean {
	return node.installedEntries === undefined;
}

/** True while the node learns its owner's week and has not told it. */
export function needsWeek({ beat, week }: NodeRecord): boolean {
	return beat.capacity?.availability_score !== undefined && !week;
}

function leftMemory({ knowledge }: FleetState, node: NodeRecord, model: string, now: number): void {
	node.unloadedAt.set(model, now);
	knowledge.prefixes.forget(node.nodeId, model);
}

/** What is in memory shows how much it takes; the rest is reckoned. */
export function learnRoom(node: NodeRecord, estimates: Estimates): void {
	const { nodeId } = node;
	for (const { name, size } of node.beat.ollama.models_loaded)
		learnFootprint(estimates, { nodeId, model: canonicalName(name), bytes: size });
	Object.assign(node, roomOf(node, estimates));
}

/** Work that nobody asked the router for: the longer it lasts, the longer it is expected to. */
function seeExternal(node: NodeRecord, jobs: number, now: number): void {
	if (jobs === 0) delete node.external;
	else node.external = { jobs, since: node.external?.since ?? now };
}

/** Requests of a router before this one, or given up by it: the node works on them, and no lease here says so. */
function strayWork(state: FleetState, { jobs, beat }: NodeRecord, now: number): number {
	const isStray = (id: string) => !jobs.some(({ requestId }) => requestId === id) && !endedLately(state, id, now);
	return beat.at_work.filter(isStray).length;
}

/** A machine that learns nothing any more has no week. */
function setWeek(node: NodeRecord, { capacity }: Heartbeat): void {
	if (capacity?.availability_score === undefined) delete node.week;
	else if (capacity.week) node.week = capacity.week;
	delete capacity?.week;
}

function setModels(node: NodeRecord, beat: Heartbeat): void {
	const available = beat.ollama.models_available;
	if (available) {
		node.installedEntries = available;
		node.installed = byName<InstalledModel>(available);
	}
	node.resident = byName<ResidentModel>(beat.ollama.models_loaded);
	beat.ollama.models_available = undefined;
}

function keepJustLoaded(node: NodeRecord, now: number): void {
	for (const [model, since] of node.loadedSince) {
		if (now - since > LOADED_SINCE_TRUST_MS) forgetLoad(node, model);
		else believeLoaded(node, model);
	}
}

function forgetLoad(node: NodeRecord, model: string): void {
	node.loadedSince.delete(model);
	node.learnedContexts.delete(model);
}

function believeLoaded(node: NodeRecord, model: string): void {
	const installed = node.installed.get(model);
	if (installed && !node.resident.has(model))
		node.resident.set(model, { name: installed.name, size: node.neededBytes.get(model) ?? installed.size });
}

/** A model answered that the last beat did not list, or not with this context (undefined: the node's own choice). */
export function learnLoad(node: NodeRecord, model: string, { numCtx, now }: { numCtx: number | undefined; now: number }): void {
	node.loadedSince.set(model, now);
	node.learnedContexts.set(model, numCtx);
	believeLoaded(node, model);
}

function byName<T extends { name: string }>(entries: readonly T[]): Map<string, T> {
	return new Map(entries.map((entry) => [canonicalName(entry.name), entry]));
}

function durableFacts({ beat, secret, approved, installedEntries }: NodeRecord): string {
	const { settings, models_loaded: loaded } = beat.ollama;
	const { mode, max_places: maxPlaces } = beat.capacity ?? {};
	return JSON.stringify([
		beat.door_url,
		secret,
		approved,
		settings.num_parallel,
		mode === "paused",
		maxPlaces,
		loaded.map(({ name, digest }) => [name, digest]),
		installedEntries?.map(({ name, digest }) => [name, digest]),
	]);
}
