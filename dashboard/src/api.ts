/** The router as the page sees it. Every answer is parsed here, once; nothing here throws. */
import "./zod-under-csp.ts";
import type { ZodType } from "zod";
import { type NodeCapacity, NodeCapacitySchema } from "../../worker/protocol/capacity.ts";
import { type FleetSnapshot, FleetSnapshotSchema } from "../../worker/protocol/fleet.ts";
import { type Trace, TraceSchema } from "../../worker/protocol/trace.ts";
import { currentAdminKey } from "./admin-key.ts";
import type { Answer } from "./answer.ts";

/** Longer than any honest answer from memory takes; after it the router counts as silent. */
const ANSWER_TIMEOUT_MS = 8000;

export function readFleet(signal: AbortSignal): Promise<Answer<FleetSnapshot>> {
	return ask("/fleet/status", { signal }, (body) => FleetSnapshotSchema.safeParse(body).data);
}

export function readTraces(signal: AbortSignal): Promise<Answer<Trace[]>> {
	return ask("/dashboard/api/traces?limit=30", { signal }, parseTraces);
}

/** Any answer of the router's that has a schema. */
export function readJson<T>(path: string, schema: ZodType<T>, signal: AbortSignal): Promise<Answer<T>> {
	return ask(path, { signal }, (body) => schema.safeParse(body).data);
}

/** Tells the router to do something; what needs the admin key is refused without it. */
export function sendJson(method: "POST" | "PUT" | "DELETE", path: string, body: unknown = {}): Promise<Answer<unknown>> {
	const init = { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
	return ask(path, init, (answer) => answer ?? {});
}

export function readCapacity(nodeId: string, signal: AbortSignal): Promise<Answer<NodeCapacity>> {
	return readJson(`/fleet/nodes/${encodeURIComponent(nodeId)}/capacity`, NodeCapacitySchema, signal);
}

/** Lets a waiting machine in. Needs the admin key. */
export function approveNode(nodeId: string): Promise<Answer<unknown>> {
	return sendJson("POST", `/fleet/nodes/${encodeURIComponent(nodeId)}/approve`);
}

/** A row this page can't read costs that row, not the list. */
function parseTraces(body: unknown): Trace[] | undefined {
	const rows = field(body, "traces");
	if (!Array.isArray(rows)) return undefined;
	return rows.flatMap((row) => TraceSchema.safeParse(row).data ?? []);
}

async function ask<T>(path: string, init: RequestInit, parse: (body: unknown) => T | undefined): Promise<Answer<T>> {
	try {
		const response = await fetch(path, withKey(init));
		const body: unknown = await response.json().catch(() => undefined);
		if (!response.ok) return { kind: "refused", status: response.status, message: messageIn(body) };
		const data = parse(body);
		return data === undefined ? { kind: "unreadable" } : { kind: "good", data };
	} catch {
		return { kind: "unreachable" };
	}
}

function withKey(init: RequestInit): RequestInit {
	const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
	const headers = new Headers(init.headers);
	const key = currentAdminKey();
	if (key !== undefined) headers.set("authorization", `Bearer ${key}`);
	return { ...init, headers, cache: "no-store", signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout };
}

/** Errors come as `{error: "…"}` or `{error: {message: "…"}}`. */
function messageIn(body: unknown): string | undefined {
	const error = field(body, "error");
	const message = typeof error === "string" ? error : field(error, "message");
	return typeof message === "string" ? message : undefined;
}

function field(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
