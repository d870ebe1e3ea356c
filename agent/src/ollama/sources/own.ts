import type { SettingsSource } from "./source.ts";
import { VARIABLES } from "./source.ts";

/** The agent's own environment: whoever sets something for one usually sets it for both. */
export const own: SettingsSource = {
	platforms: ["linux", "darwin", "win32"],
	read: async ({ env }) => (VARIABLES.some((name) => env[name] !== undefined) ? [env] : []),
};
