/** Asks the running router, with the admin key in force. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Flags, type Launch, ownUrl, readLaunch } from "./launcher-settings.ts";
import { UserError } from "./user-error.ts";

export interface Question {
	method: string;
	path: string;
	/** Sent as JSON. */
	body?: Readonly<Record<string, unknown>>;
}

/** Rejects with a `UserError` that says what the router said, or that there is none. */
export async function askRouter(flags: Flags, { method, path, body: sent }: Question): Promise<unknown> {
	const launch = readLaunch(flags, process.env);
	const { host, port } = launch;
	const key = adminKey(launch);
	const headers = { "content-type": "application/json", ...(key && { authorization: `Bearer ${key}` }) };
	const response = await fetch(`${ownUrl(host, port)}${path}`, { method, headers, ...(sent && { body: JSON.stringify(sent) }) }).catch(
		() => {
			throw new UserError(`No router answers on port ${port}: start it with "herd", or say its --port`);
		},
	);
	const body: unknown = await response.json();
	if (response.ok) return body;
	const message =
		typeof body === "object" && body !== null && "error" in body ? String(body.error) : `The router answered ${response.status}`;
	throw new UserError(message);
}

/** Without one the router says where it is, if it wants one. */
function adminKey({ variables, dataDir }: Launch): string | undefined {
	try {
		return variables.FLEET_ADMIN_KEY ?? readFileSync(join(dataDir, "admin-key"), "utf8").trim();
	} catch {
		return undefined;
	}
}
