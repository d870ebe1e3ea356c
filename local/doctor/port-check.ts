/** Whether the router's port is free, or has this router behind it. */
import { createServer } from "node:net";
import * as z from "zod";
import { type Finding, ok, problem } from "../../agent/src/doctor/finding.ts";
import { ownUrl } from "../launcher-settings.ts";
import type { RouterCheck } from "./examine.ts";

const LIMIT_MS = 3_000;
const ABOUT = "Port";

const HealthSchema = z.object({ status: z.literal("ok"), version: z.string() });

export const port: RouterCheck = async ({ host, port: number }) => {
	const code = await listenError(host, number);
	if (code === undefined) return [ok(ABOUT, `${number} at ${host} is free: no router runs there now`)];
	if (code === "EADDRINUSE") return [await behind(ownUrl(host, number), number)];
	if (code === "EACCES")
		return [problem(ABOUT, `${number} is not allowed for this user`, "Choose one above 1023 with --port or FLEET_PORT")];
	return [problem(ABOUT, `"${host}" is not an address of this machine (${code})`, "Choose one with --host or FLEET_HOST")];
};

async function behind(url: string, number: number): Promise<Finding> {
	try {
		const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(LIMIT_MS) });
		return ok(ABOUT, `herd ${HealthSchema.parse(await response.json()).version} answers at ${url}`);
	} catch {
		return problem(
			ABOUT,
			`${number} is taken by another program, or by a router that does not answer`,
			"Stop it, or choose a port with --port",
		);
	}
}

/** Undefined when one could listen there. */
function listenError(host: string, number: number): Promise<string | undefined> {
	return new Promise((resolve) => {
		const probe = createServer();
		probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
		probe.listen({ host, port: number }, () => probe.close(() => resolve(undefined)));
	});
}
