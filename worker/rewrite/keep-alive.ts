/** How long a model stays in memory, where the router's owner wants another default than the node's. Pure. */
import type { BodyFields } from "./body-fields.ts";

/** What `FLEET_KEEP_ALIVE` may say: `client`, seconds (negative: for ever), or a duration as Go writes it. */
export const KEEP_ALIVE_FORM = /^(?:client|-?\d+(?:\.\d+)?|-?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+)$/;
const SECONDS = /^-?\d+(?:\.\d+)?$/;

/** The JSON to stamp; undefined leaves the client's word, or its silence. Ollama takes a bare number only as a number. */
export function keepAliveToStamp(setting: string, fields: BodyFields): string | undefined {
	const sent = fields.get("keep_alive");
	if (setting === "client" || (sent !== undefined && sent !== null)) return undefined;
	return SECONDS.test(setting) ? setting : JSON.stringify(setting);
}
