/** A process's clock can't be moved from outside; what a jump does to silence and leases is tested with a clock of the test's own. */
import type { Fault } from "../fault.ts";

export const clockJumps: Fault = {
	name: "clock jumps",
	skip: () => "no process's clock can be moved from outside: test/unit/fleet/clock-jump.test.ts does it below the shell",
	inject: async () => undefined,
	heal: async () => undefined,
};
