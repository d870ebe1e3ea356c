import type { Signal } from "../signal.ts";

/** How free its owner leaves the machine. No agent reports that yet, and unknown is worth nothing. */
export const availabilityTrend: Signal = () => 0;
