import type { Signal } from "../signal.ts";

/** How free its owner leaves the machine, as its agent has learned. Where nothing is learned that is not known, and worth nothing. */
export const availabilityTrend: Signal = ({ node }) => node.beat.capacity?.availability_score ?? 0;
