import { describe, it } from "vitest";
import type { Trace } from "../../../worker/protocol/trace.ts";
import { RowBuffer } from "../../../worker/traces/buffer.ts";
import { trace } from "../../worker/build.ts";

const numbered = (count: number) => Array.from({ length: count }, (_, index) => trace({ request_id: String(index) }));

/** A store that refuses while `refuse` says so. */
function store(refuse: () => boolean) {
	const written: Trace[] = [];
	const batches: number[] = [];
	const buffer = new RowBuffer<Trace>(async (traces) => {
		if (refuse()) throw new Error("database is full");
		batches.push(traces.length);
		written.push(...traces);
	});
	return { buffer, written, batches };
}

describe("the trace buffer", () => {
	it("writes in batches, in order, all that was pushed before the call", async ({ expect }) => {
		const { buffer, written, batches } = store(() => false);
		for (const row of numbered(1200)) buffer.push(row);
		await buffer.flush();
		expect(batches).toEqual([500, 500, 200]);
		expect(written.map(({ request_id: id }) => id)).toEqual(numbered(1200).map(({ request_id: id }) => id));
	});

	it("keeps what the database refused, for the next try", async ({ expect }) => {
		let full = true;
		const { buffer, written } = store(() => full);
		for (const row of numbered(3)) buffer.push(row);
		await expect(buffer.flush()).rejects.toThrow("database is full");
		full = false;
		await buffer.flush();
		expect(written.map(({ request_id: id }) => id)).toEqual(["0", "1", "2"]);
	});

	it("gives up the oldest rows rather than the router's memory, and counts them", async ({ expect }) => {
		const { buffer, written } = store(() => false);
		for (const row of numbered(50_010)) buffer.push(row);
		await buffer.flush();
		expect(buffer.dropped).toBe(10);
		expect(written[0]?.request_id).toBe("10");
	});

	it("lets two flushes at once write each row once", async ({ expect }) => {
		const { buffer, written } = store(() => false);
		for (const row of numbered(600)) buffer.push(row);
		await Promise.all([buffer.flush(), buffer.flush()]);
		expect(written).toHaveLength(600);
	});

	it("makes batches of large rows small enough for one bound value", async ({ expect }) => {
		const { buffer, batches } = store(() => false);
		for (let number = 0; number < 10; number++) buffer.push(trace({ request_id: String(number), tags: ["x".repeat(200_000)] }));
		await buffer.flush();
		expect(batches).toEqual([2, 2, 2, 2, 2]);
	});

	it("does not wait for rows that come while it writes", async ({ expect }) => {
		const pushed: Trace[] = [];
		const buffer: RowBuffer<Trace> = new RowBuffer<Trace>(async (traces) => {
			pushed.push(...traces);
			buffer.push(trace({ request_id: `later-${pushed.length}` }));
		});
		buffer.push(trace({ request_id: "first" }));
		await buffer.flush();
		expect(pushed.map(({ request_id: id }) => id)).toEqual(["first"]);
	});
});
