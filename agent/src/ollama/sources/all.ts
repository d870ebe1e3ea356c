import type { Host } from "../../probes/host.ts";
import type { Environment } from "../environment.ts";
import { container } from "./container.ts";
import { logFile } from "./log-file.ts";
import { own } from "./own.ts";
import { processes } from "./processes.ts";
import { registry } from "./registry.ts";
import { service } from "./service.ts";
import { session } from "./session.ts";
import type { SettingsSource } from "./source.ts";

/** From the surest to the weakest. */
const SOURCES: readonly SettingsSource[] = [logFile, processes, service, session, registry, container, own];

/** The first environment that fits; one source after the other, since most cost a process or two. */
export async function findEnvironment(
	host: Host,
	port: string,
	fits: (environment: Environment) => boolean,
): Promise<Environment | undefined> {
	for (const source of SOURCES.filter(({ platforms }) => platforms.includes(host.platform))) {
		const environments = await source.read(host, port).catch(() => []);
		const match = environments.find(fits);
		if (match !== undefined) return match;
	}
	return undefined;
}
