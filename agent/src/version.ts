/** The version in `agent/package.json`, written here too because the built program is one file. A test compares them. */
export const AGENT_VERSION = "0.1.0";
