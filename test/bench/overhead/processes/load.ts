/** The load generator: takes one slice at a time and answers with what it measured. */
import { SliceSchema, tellReady } from "../messages.ts";
import { runSlice } from "../load/slice.ts";

process.once("disconnect", () => process.exit(0));
process.on("message", (message) => {
	void runSlice(SliceSchema.parse(message)).then((result) => process.send?.(result));
});
tellReady({ ready: true });
