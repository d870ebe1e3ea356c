/** What stands and what changed: findings are told when they have held for a while, and taken back when they have been gone for one. Pure. */
import type { HealthChange, Severity } from "../protocol/health.ts";
import type { Check, Finding } from "./check.ts";
import type { HealthFacts } from "./facts.ts";

export interface Held {
	readonly check: Check;
	readonly finding: Finding;
	/** Epoch milliseconds. */
	readonly since: number;
	readonly seenAt: number;
	/** It has held for long enough to be told. */
	readonly isTold: boolean;
}

export interface Standing {
	/** By check, node and subject. */
	readonly held: ReadonlyMap<string, Held>;
	/** Newest first. */
	readonly changes: readonly HealthChange[];
}

export const NOTHING_YET: Standing = { held: new Map(), changes: [] };

const CHANGES_KEPT = 50;
const RANK: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };

export function look(before: Standing, checks: readonly Check[], facts: HealthFacts): Standing {
	const held = new Map<string, Held>();
	for (const check of checks) for (const [key, one] of seenBy(check, before, facts)) held.set(key, one);
	for (const [key, one] of before.held) if (!held.has(key) && isStillTold(one, facts.now)) held.set(key, one);
	const changes = [...new Set([...before.held.keys(), ...held.keys()])].flatMap((key) =>
		changeOf(before.held.get(key), held.get(key), facts),
	);
	return { held, changes: [...changes, ...before.changes].slice(0, CHANGES_KEPT) };
}

/** Those that are told, the worst first. */
export function told({ held }: Standing): Held[] {
	return [...held.values()]
		.filter(({ isTold }) => isTold)
		.sort((a, b) => RANK[b.finding.severity] - RANK[a.finding.severity] || a.since - b.since || a.check.id.localeCompare(b.check.id));
}

function seenBy(check: Check, before: Standing, facts: HealthFacts): [string, Held][] {
	const { now } = facts;
	return check.find(facts).map((finding) => {
		const key = [check.id, finding.nodeId ?? "", finding.about ?? ""].join("\n");
		const earlier = before.held.get(key);
		const since = earlier?.since ?? now;
		const isTold = earlier?.isTold === true || now - since >= check.firesAfterMs;
		return [key, { check, finding, since, seenAt: now, isTold }];
	});
}

function isStillTold({ check, seenAt, isTold }: Held, now: number): boolean {
	return isTold && now - seenAt < check.clearsAfterMs;
}

function changeOf(before: Held | undefined, after: Held | undefined, { now }: HealthFacts): HealthChange[] {
	const one = after ?? before;
	const kind = kindOf(before?.isTold ? before : undefined, after?.isTold ? after : undefined);
	if (!one || !kind) return [];
	const { severity, title, nodeId } = one.finding;
	return [{ at: now / 1000, kind, check_id: one.check.id, severity, title, node_id: nodeId ?? null }];
}

function kindOf(before: Held | undefined, after: Held | undefined): HealthChange["kind"] | undefined {
	if (!before || !after) return after ? "appeared" : before && "cleared";
	const difference = RANK[after.finding.severity] - RANK[before.finding.severity];
	if (difference === 0) return undefined;
	return difference > 0 ? "worsened" : "eased";
}
