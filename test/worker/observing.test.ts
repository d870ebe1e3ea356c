/** Metrics, health and live events in real workerd: the real path from a beat or a finished request to what is shown of it. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, it } from "vitest";
import { app } from "../../worker/app.ts";
import { fleetOf } from "../../worker/env.ts";
import { LIVE_EVENTS } from "../../worker/protocol/events.ts";
import { FleetSnapshotSchema } from "../../worker/protocol/fleet.ts";
import { HealthReportSchema } from "../../worker/protocol/health.ts";
import { beat, GB, trace } from "./build.ts";
import { readMetrics } from "../unit/metrics/read-exposition.ts";
import { EventReader } from "../unit/live/event-reader.ts";

const MODEL = "llama3.1:8b";
const TOKEN = "join-token-of-the-tests";

async function get(path: string, { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {}) {
	const request = new Request(`http://localhost${path}`, { headers: { host: "localhost", ...headers }, signal: signal ?? null });
	return app.fetch(request, { ...env, FLEET_AUTH: "open" }, createExecutionContext());
}

async function health() {
	return HealthReportSchema.parse(await (await get("/dashboard/api/health")).json());
}

/** Its door is nowhere. */
function join(id: string, facts: Parameters<typeof beat>[0] = {}) {
	return ask(id, facts, TOKEN);
}

function ask(id: string, facts: Parameters<typeof beat>[0], token: string | undefined) {
	const sent = beat({ id, resident: { [MODEL]: 6 * GB }, doorUrl: "http://127.0.0.1:9", ...facts });
	return fleetOf(env).heartbeat(sent, { secret: undefined, token });
}

async function watch(path: string, headers: Record<string, string> = {}): Promise<EventReader> {
	const client = new AbortController();
	const response = await get(path, { headers, signal: client.signal });
	if (response.status !== 200 || !response.body) throw new Error(`No stream: ${response.status}`);
	return new EventReader(response.body, () => client.abort());
}

afterEach(async () => {
	for (const { node_id: id } of (await fleetOf(env).status()).nodes) await fleetOf(env).members().forget(id);
});

describe("GET /dashboard/api/health", () => {
	it("shows a stopped Ollama and a machine that asks to join, and that they are gone afterwards", async ({ expect }) => {
		await join("stopped", { state: "stopped" });
		await ask("stranger", {}, undefined);
		const { recommendations, vitals } = await health();
		expect(recommendations.map(({ check_id: id, node_id: nodeId }) => [id, nodeId])).toEqual([
			["ollama_down", "stopped"],
			["node_unapproved", "stranger"],
		]);
		expect(vitals).toMatchObject({ nodes_total: 1, nodes_online: 1, health_score: 90 });
		await fleetOf(env).members().forget("stopped");
		const after = await health();
		expect(after.recommendations.map(({ check_id: id }) => id)).not.toContain("ollama_down");
		expect(after.changes).toContainEqual(expect.objectContaining({ kind: "cleared", check_id: "ollama_down", node_id: "stopped" }));
	});

	it("adds up the requests of the day", async ({ expect }) => {
		const now = Date.now() / 1000;
		const before = (await health()).vitals;
		await fleetOf(env).finish("h1", trace({ request_id: "h1", timestamp: now }));
		await fleetOf(env).finish("h2", trace({ request_id: "h2", timestamp: now, status: "failed", retry_count: 2 }));
		const { vitals } = await health();
		expect(vitals.total_requests_24h - before.total_requests_24h).toBe(2);
		expect(vitals.total_retries_24h - before.total_retries_24h).toBe(2);
	});
});

describe("GET /metrics", () => {
	it("is valid text, and counts what has ended", async ({ expect }) => {
		await join("counted");
		await fleetOf(env).finish("m1", trace({ request_id: "m1", node_id: "counted", time_to_first_token_ms: 300 }));
		const response = await get("/metrics");
		expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
		const metrics = readMetrics(await response.text());
		expect(metrics.value("herd_requests_total", { model: MODEL, node: "counted", class: "interactive", outcome: "completed" })).toBe(1);
		expect(metrics.value("herd_node_up", { node: "counted" })).toBe(1);
		expect(metrics.value("herd_time_to_first_token_seconds_bucket", { model: MODEL, le: "0.5" })).toBeGreaterThan(0);
	});
});

describe("GET /fleet/events", () => {
	it("begins with a picture, then tells what changes, and is valid in every event", async ({ expect }) => {
		await join("first");
		const reader = await watch("/fleet/events");
		const snapshot = await reader.next();
		expect(snapshot).toMatchObject({ name: "snapshot", id: expect.stringMatching(/^\w+-\d+$/) });
		expect(LIVE_EVENTS.snapshot.parse(snapshot.data).status.nodes.map(({ node_id: id }) => id)).toEqual(["first"]);
		await join("second");
		await fleetOf(env).finish("e1", trace({ request_id: "e1" }));
		const request = await reader.until("request");
		expect(LIVE_EVENTS.request.parse(request.data)).toMatchObject({ request_id: "e1", status: "completed" });
		const nodes = LIVE_EVENTS.nodes.parse((await reader.until("nodes")).data);
		expect(nodes.changed.map(({ node_id: id }) => id)).toContain("second");
		LIVE_EVENTS.queue.parse((await reader.until("queue")).data);
		await reader.close();
	});

	it("gives who comes back what was missed, where somebody else kept watching, and else a new picture", async ({ expect }) => {
		const stays = await watch("/fleet/events");
		await stays.next();
		await fleetOf(env).finish("k1", trace({ request_id: "k1" }));
		const { id: first } = await stays.until("request");
		await fleetOf(env).finish("k2", trace({ request_id: "k2" }));
		await stays.until("request");
		const back = await watch("/fleet/events", { "last-event-id": first });
		expect((await back.until("request")).data).toMatchObject({ request_id: "k2" });
		const stranger = await watch("/fleet/events", { "last-event-id": "another-router-7" });
		expect((await stranger.next()).name).toBe("snapshot");
		for (const reader of [stays, back, stranger]) await reader.close();
		const later = await watch("/fleet/events", { "last-event-id": first });
		expect((await later.next()).name).toBe("snapshot");
		await later.close();
	});

	it("takes a hundred readers and says why not one more; places are free again when readers leave", async ({ expect }) => {
		const readers = await Promise.all(Array.from({ length: 100 }, () => watch("/fleet/events")));
		const refused = await get("/fleet/events");
		expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toEqual([
			503,
			"30",
			{ error: "Too many pages watch this router already: close some" },
		]);
		for (const reader of readers) await reader.close();
		await expect
			.poll(async () => readMetrics(await (await get("/metrics")).text()).value("herd_live_watchers", {}), { timeout: 10_000 })
			.toBe(0);
	});
});

describe("HEAD of an endless stream", () => {
	it.for(["/fleet/events", "/dashboard/events"])("%s is refused", async (path, { expect }) => {
		const request = new Request(`http://localhost${path}`, { method: "HEAD", headers: { host: "localhost" } });
		expect((await app.fetch(request, { ...env, FLEET_AUTH: "open" }, createExecutionContext())).status).toBe(405);
	});
});

describe("GET /dashboard/events", () => {
	it("has the origin's form: no names, nodes and queues", async ({ expect }) => {
		await join("seen");
		const reader = await watch("/dashboard/events");
		for (const event of [await reader.next(), await reader.next()]) {
			expect(event).toMatchObject({ name: "", data: { nodes: [{ node_id: "seen", ollama: { models_available_count: 1 } }], queues: {} } });
			expect(FleetSnapshotSchema.shape.timestamp.parse((event.data as { timestamp: unknown }).timestamp)).toBeGreaterThan(0);
		}
		await reader.close();
	});
});
