/** What the simulated machines say they run: with a prompt memory beside the places. */
export const DEFAULT_VERSION = "0.32.15";
