import { describe, it } from "vitest";
import { headersForNode } from "../../../worker/dispatch/node-headers.ts";
import { traceIdOf } from "../../../worker/dispatch/traceparent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

describe("a traceparent", () => {
	it.for([`00-${TRACE}-${SPAN}-01`, `01-${TRACE}-${SPAN}-00`, `01-${TRACE}-${SPAN}-01-what-comes-later`])(
		"%s tells its trace",
		(header, { expect }) => {
			expect(traceIdOf(header)).toBe(TRACE);
		},
	);

	it.for([
		null,
		"",
		`ff-${TRACE}-${SPAN}-01`,
		`00-${TRACE}-${SPAN}-01-more`,
		`00-${TRACE.toUpperCase()}-${SPAN}-01`,
		`00-${"0".repeat(32)}-${SPAN}-01`,
		`00-${TRACE}-${"0".repeat(16)}-01`,
		`00-${TRACE}-${SPAN}`,
	])("%s is none", (header, { expect }) => {
		expect(traceIdOf(header)).toBeUndefined();
	});

	it("goes on to the node as it came, with its state; a broken one goes nowhere", ({ expect }) => {
		const sent = (traceparent: string) =>
			headersForNode({ secret: "s" }, { id: "1", headers: new Headers({ traceparent, tracestate: "vendor=1" }) });
		const whole = `00-${TRACE}-${SPAN}-01`;
		expect([sent(whole).get("traceparent"), sent(whole).get("tracestate")]).toEqual([whole, "vendor=1"]);
		expect([sent("broken").get("traceparent"), sent("broken").get("tracestate")]).toEqual([null, null]);
	});
});
