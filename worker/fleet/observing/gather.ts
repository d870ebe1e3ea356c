/** The state as the health checks see it. Pure. */
import type { HealthFacts, NodeFacts, PinFacts, QueueFacts } from "../../health/facts.ts";
import type { PinList } from "../../protocol/pins.ts";
import { canonicalName } from "../../routing/names.ts";
import type { Settings } from "../../settings.ts";
import { ROUTER_VERSION } from "../../version.ts";
import { pullSnapshots } from "../auto-pull/report.ts";
import type { FleetState, NodeRecord } from "../state.ts";
import type { Losses } from "./losses.ts";

/** What is remembered beside the state. */
export interface Remembered extends Pick<HealthFacts, "recent" | "speeds" | "records"> {
	readonly losses: Losses;
	readonly pins: PinList;
}

export function gatherFacts(state: FleetState, { losses, pins, ...rest }: Remembered, settings: Settings, now: number): HealthFacts {
	const members = [...state.nodes.values(), ...state.pending.values()];
	return {
		...rest,
		now,
		routerVersion: ROUTER_VERSION,
		access: { auth: settings.FLEET_AUTH, edge: settings.FLEET_EDGE, allowedHosts: settings.FLEET_ALLOWED_HOSTS },
		nodes: members.map((node) => nodeFacts(node, losses, state.startedAt)),
		queue: queueFacts(state, settings, now),
		aliases: aliasesOf(settings),
		pulls: pullSnapshots(state),
		pins: pinFacts(state, pins),
	};
}

function nodeFacts(node: NodeRecord, losses: Losses, startedAt: number): NodeFacts {
	const { nodeId, status, beat, lastSeenAt, left, drained, doorReachable, breakers, external } = node;
	const { lostAt, stalledAt } = losses.of(nodeId);
	const open = [...breakers].flatMap(([model, { openUntil, reason, failures }]) =>
		openUntil === undefined ? [] : [{ model, reason, failures, openUntil }],
	);
	return {
		nodeId,
		status,
		beat,
		lastSeenAt,
		left,
		drained: drained || beat.draining,
		doorReachable,
		breakers: open,
		external,
		lostAt,
		stalledAt,
		// A node known from before the restart counts as seen then, and has not said what time it is
		clockSkewMs: lastSeenAt > startedAt ? beat.sent_at - lastSeenAt : undefined,
		installed: [...node.installed].map(([name, { size, digest }]) => ({ name, sizeBytes: size, digest })),
		resident: beat.ollama.models_loaded.map((model) => ({
			name: canonicalName(model.name),
			sizeBytes: model.size,
			vramBytes: model.size_vram,
			contextTokens: model.context_length,
		})),
	};
}

function queueFacts({ waiting }: FleetState, settings: Settings, now: number): QueueFacts {
	const patient = [...waiting.values()].filter(({ request }) => request.requestClass !== "batch");
	const [longest] = patient.toSorted((a, b) => a.since - b.since);
	return {
		waiting: waiting.size,
		mostWaiting: settings.FLEET_QUEUE_MAX,
		longestWaitMs: longest ? now - longest.since : 0,
		longestWaitModel: longest?.model ?? "",
	};
}

function aliasesOf({ FLEET_ANTHROPIC_MODEL_MAP: map, FLEET_ALIASES: aliases }: Settings): Record<string, string> {
	return Object.fromEntries(Object.entries({ ...map, ...aliases }).map(([name, model]) => [name, canonicalName(model)]));
}

/** Those that are missing. A machine that is away has a card of its own. */
function pinFacts({ nodes }: FleetState, { pins, unplaced }: PinList): PinFacts[] {
	const missing = pins.flatMap(({ node_id: nodeId, model, problem }) => {
		const isAway = nodes.get(nodeId)?.status === "offline";
		return problem === undefined || isAway ? [] : [{ nodeId, model, problem }];
	});
	const nowhere = unplaced.map((model) => ({ nodeId: "", model, problem: "No machine that is there has it and room for it." }));
	return [...missing, ...nowhere];
}
