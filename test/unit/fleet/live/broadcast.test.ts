/** Live events: what is written, how often the fleet is looked at for it, and what becomes of readers that don't read. */
import { afterEach, describe, it, vi } from "vitest";
import { Broadcast } from "../../../../worker/fleet/live/broadcast.ts";
import type { Picture } from "../../../../worker/fleet/live/changes.ts";
import { toSnapshot } from "../../../../worker/fleet/snapshot.ts";
import { NOTHING_YET } from "../../../../worker/health/engine.ts";
import { healthReport } from "../../../../worker/health/report.ts";
import { trace } from "../../../worker/build.ts";
import { fleetOf, node } from "../../build-node.ts";
import { EventReader } from "../../live/event-reader.ts";
import { vitalsOf } from "../../../../worker/fleet/observing/vitals.ts";
import { DaySums } from "../../../../worker/fleet/observing/day-sums.ts";

/** As workerd's own, which keeps nothing either. */
const pipe = () => new TransformStream<Uint8Array, Uint8Array>({}, { highWaterMark: 1 }, { highWaterMark: 0 });

let opened: EventReader[] = [];
afterEach(async () => {
	for (const reader of opened) await reader.close();
	opened = [];
});

/** A fleet of one machine, and a clock. */
function scene() {
	const state = fleetOf(node());
	const clock = { now: 0 };
	let looks = 0;
	const picture = (): Picture => {
		looks++;
		return { status: toSnapshot(state, clock.now), health: healthReport(NOTHING_YET, vitalsOf(state, new DaySums().total(0)), clock.now) };
	};
	const broadcast = new Broadcast({ picture, now: () => clock.now, pipe, epoch: "e" });
	let watches = 0;
	const stream = (form: "fleet" | "origin" = "fleet", lastEventId?: string) => {
		const id = String(watches++);
		const readable = broadcast.watch({ id, form, lastEventId });
		if (!readable) throw new Error("Too many watch");
		return { readable, leave: () => broadcast.leave(id) };
	};
	const watch = (...facts: Parameters<typeof stream>) => {
		const { readable, leave } = stream(...facts);
		const reader = new EventReader(readable, leave);
		opened.push(reader);
		return reader;
	};
	return { state, clock, broadcast, stream, watch, looks: () => looks };
}

describe("readers", () => {
	it("cost one look at the fleet a tick, however many they are", async ({ expect }) => {
		const { broadcast, watch, looks } = scene();
		for (let index = 0; index < 50; index++) watch(index % 2 === 0 ? "fleet" : "origin");
		const before = looks();
		broadcast.tick();
		broadcast.tick();
		expect(looks() - before).toBe(2);
	});

	it("hear only of what changed, and nothing where nothing did", async ({ expect }) => {
		const { state, clock, broadcast, watch } = scene();
		const reader = watch();
		expect((await reader.next()).name).toBe("snapshot");
		clock.now = 4000;
		broadcast.tick();
		const joined = node({ id: "beta" });
		state.nodes.set("beta", joined);
		broadcast.tick();
		expect(await reader.next()).toMatchObject({ name: "nodes", id: "e-1", data: { changed: [{ node_id: "beta" }], removed: [] } });
		expect(await reader.next()).toMatchObject({ name: "queue", data: { fleet: { nodes_total: 2 } } });
		state.nodes.delete("beta");
		broadcast.tick();
		expect(await reader.next()).toMatchObject({ name: "nodes", data: { changed: [], removed: ["beta"] } });
	});

	it("are told when to come back, and hear a heartbeat in quiet times", async ({ expect }) => {
		const { broadcast, stream } = scene();
		const { readable, leave } = stream();
		const reader = readable.getReader();
		const texts: string[] = [];
		const read = async () => texts.push(new TextDecoder().decode((await reader.read()).value));
		await read();
		for (let tick = 0; tick < 15; tick++) broadcast.tick();
		await read();
		leave();
		expect(texts[0]).toMatch(/^retry: 2000\n\nevent: snapshot\n/);
		expect(texts[1]).toBe(": still here\n\n");
	});

	it("of the origin's form get everything every other tick, without names", async ({ expect }) => {
		const { broadcast, watch } = scene();
		const reader = watch("origin");
		await reader.next();
		broadcast.tick();
		broadcast.tick();
		const { name, data } = await reader.next();
		expect(name).toBe("");
		expect(Object.keys(data as object)).toEqual(["nodes", "queues", "timestamp"]);
	});

	it("that do not read are let go, and hold nobody else up", async ({ expect }) => {
		const { state, clock, broadcast, stream, watch } = scene();
		stream();
		const reader = watch();
		await reader.next();
		state.nodes.set("beta", node({ id: "beta" }));
		broadcast.tick();
		await reader.until("queue");
		expect(broadcast.watching).toBe(2);
		clock.now = 30_000;
		broadcast.tick();
		await vi.waitFor(() => expect(broadcast.watching).toBe(1));
	});

	it("hear of some of very many requests", async ({ expect }) => {
		const { broadcast, watch } = scene();
		const reader = watch();
		await reader.next();
		for (let index = 0; index < 500; index++) broadcast.ended(trace({ request_id: String(index) }));
		broadcast.tick();
		for (let index = 0; index < 50; index++)
			expect(await reader.next()).toMatchObject({ name: "request", data: { request_id: String(index) } });
		broadcast.ended(trace({ request_id: "later" }));
		broadcast.tick();
		expect(await reader.next()).toMatchObject({ data: { request_id: "later" } });
	});
});

describe("who comes back", () => {
	it("gets what was missed while another watched, once", async ({ expect }) => {
		const { broadcast, watch } = scene();
		const stays = watch();
		await stays.next();
		for (const id of ["1", "2"]) {
			broadcast.ended(trace({ request_id: id }));
			broadcast.tick();
		}
		const { id: first } = await stays.next();
		expect(await watch("fleet", first).next()).toMatchObject({ name: "request", data: { request_id: "2" } });
		expect((await watch("fleet", "other-1").next()).name).toBe("snapshot");
		expect((await watch("fleet", "e-99").next()).name).toBe("snapshot");
	});

	it("gets a new picture when nobody has watched meanwhile", async ({ expect }) => {
		const { broadcast, watch } = scene();
		const reader = watch();
		const { id } = await reader.next();
		await reader.close();
		await vi.waitFor(() => expect(broadcast.watching).toBe(0));
		expect((await watch("fleet", id).next()).name).toBe("snapshot");
	});

	it("gets a new picture when too much has happened", async ({ expect }) => {
		const { broadcast, watch } = scene();
		const { id } = await watch().next();
		for (let tick = 0; tick < 10; tick++) {
			for (let index = 0; index < 50; index++) broadcast.ended(trace());
			broadcast.tick();
		}
		expect((await watch("fleet", id).next()).name).toBe("request");
		broadcast.ended(trace());
		broadcast.tick();
		expect((await watch("fleet", id).next()).name).toBe("snapshot");
	});
});
