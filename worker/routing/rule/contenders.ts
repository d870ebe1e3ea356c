/** The nodes that could serve a kind of request, found once in a pass for all requests of that kind. */
import { candidateOf, crowdCapOf, isEmbedder, slotsOf } from "../candidate.ts";
import { isTrusted } from "../breaker.ts";
import { type Reason, reasonsAgainst } from "../eligibility.ts";
import { type Board, copiesOf, type WorkNode, workOf } from "./board.ts";
import { type Standing, standingOf } from "./standing.ts";
import type { RuleNode, Waiting } from "./view.ts";

/** Ollama spills layers to system memory: slow, but it works until about here (routing study 1.1). */
const SPILL_FACTOR = 1.35;

export interface Contender {
	readonly work: WorkNode;
	/** Made when it is asked for. */
	standing?: Standing;
}

export interface Contenders {
	/** Nodes that went quiet or failed lately are used only when there are no others. */
	readonly healthy: readonly Contender[];
	readonly all: readonly Contender[];
	/** None has a place: places only get fewer during a pass. */
	isFull: boolean;
	/** Of the nodes that have the model, how many were out of the question, by reason. */
	readonly against: Readonly<Partial<Record<Reason, number>>>;
}

export function contendersFor(board: Board, waiting: Waiting): Contenders {
	const { path, needsVision, requestClass, onlyNode = "" } = waiting.request;
	const key = [waiting.model, requestClass, path, needsVision, onlyNode].join(" ");
	let contenders = board.contenders.get(key);
	if (!contenders) board.contenders.set(key, (contenders = findContenders(board, waiting)));
	return contenders;
}

/** Those that have not failed this request already. */
export function openTo({ all, healthy }: Contenders, { request: { excluded } }: Waiting): readonly Contender[] {
	if (excluded.length === 0) return healthy.length > 0 ? healthy : all;
	const open = all.filter(({ work }) => !excluded.includes(work.node.nodeId));
	const openAndHealthy = open.filter((contender) => healthy.includes(contender));
	return openAndHealthy.length > 0 ? openAndHealthy : open;
}

/** Every reason against a node; empty when it is eligible. */
export function reasonsAgainstNode(node: RuleNode, { model, request }: Pick<Waiting, "model" | "request">): Reason[] {
	const reasons = reasonsAgainst(node, model, request);
	if (reasons.length === 0 && isImpossible(node, model)) reasons.push("does-not-fit");
	return reasons;
}

/** What the node's state is for this model and class now, the pass's own doings included. */
export function refreshed(board: Board, contender: Contender, { model, request: { requestClass } }: Waiting): Standing {
	const { work } = contender;
	if (contender.standing?.stamp === work.stamp) return contender.standing;
	return (contender.standing = standingOf(work, {
		model,
		requestClass,
		extraBusy: board.settings.extraBusy,
		knowledge: board.knowledge,
		now: board.now,
		copiesOf: (name) => copiesOf(board, name),
	}));
}

/** Whether one more request fits beside the own ones; a load in the way is another matter. */
export function hasPlace({ settings }: Board, { work: { node, jobs } }: Contender, { model, request: { requestClass } }: Waiting): boolean {
	const candidate = candidateOf(node, model);
	let ofModel = 0;
	let crowd = 0;
	for (const job of jobs) {
		if (job.model === model) ofModel++;
		if (!job.isEmbedding) crowd++;
	}
	if (ofModel >= slotsOf(candidate)) return false;
	return crowd < crowdCapOf(node, settings.extraBusy[requestClass]) || isEmbedder(candidate.installed);
}

function findContenders(board: Board, waiting: Waiting): Contenders {
	const anyone = { ...waiting, request: { ...waiting.request, excluded: [] } };
	const all: Contender[] = [];
	const against: Partial<Record<Reason, number>> = {};
	for (const node of board.index.byModel.get(waiting.model) ?? []) {
		const reasons = reasonsAgainstNode(node, anyone);
		for (const reason of reasons) against[reason] = (against[reason] ?? 0) + 1;
		if (reasons.length === 0) all.push({ work: workOf(board, node) });
	}
	return { all, healthy: all.filter((contender) => isHealthy(board, contender, waiting)), isFull: false, against };
}

function isHealthy({ now }: Board, { work: { node } }: Contender, { model }: Waiting): boolean {
	return node.status === "online" && isTrusted(node.breakers, model, now);
}

function isImpossible({ resident, neededBytes, usableBytes }: RuleNode, model: string): boolean {
	if (resident.has(model) || usableBytes === undefined) return false;
	return (neededBytes.get(model) ?? 0) > SPILL_FACTOR * usableBytes;
}
