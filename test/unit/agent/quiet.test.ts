import { describe, it } from "vitest";
import type { ServerResponse } from "node:http";
import { QuietWatch } from "../../../agent/src/door/quiet.ts";

/** A response to whose socket so many bytes have gone. */
const to = (socket: { bytesWritten: number }) => ({ socket }) as unknown as ServerResponse;

describe("the door's watch over answers", () => {
	it("lists those through which nothing came for a beat, and for how long", ({ expect }) => {
		const watch = new QuietWatch();
		const [still, moving] = [{ bytesWritten: 9 }, { bytesWritten: 0 }];
		watch.begin("still", to(still), 0);
		watch.begin("moving", to(moving), 0);
		expect(watch.look(4999)).toEqual([]);
		moving.bytesWritten = 100;
		expect(watch.look(5000)).toEqual([{ request_id: "still", quiet_ms: 5000 }]);
		expect(watch.look(9000)).toEqual([{ request_id: "still", quiet_ms: 9000 }]);
		still.bytesWritten = 10;
		expect(watch.look(11_000)).toEqual([{ request_id: "moving", quiet_ms: 6000 }]);
	});

	it("forgets what is over", ({ expect }) => {
		const watch = new QuietWatch();
		watch.begin("one", to({ bytesWritten: 0 }), 0)();
		expect(watch.look(60_000)).toEqual([]);
	});
});
