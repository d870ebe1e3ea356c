/** This machine, as far as a service needs to know it. */
import { realpathSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { argv, env, execPath, platform } from "node:process";
import type { ServiceFacts, ServiceSystem } from "./plan.ts";
import { SERVICE_SYSTEMS } from "./systems.ts";

/** Throws where the agent knows no way to be started with the machine. */
export function systemHere(): ServiceSystem {
	const system = SERVICE_SYSTEMS[platform];
	if (!system) throw new Error(`there is no way yet to install it on ${platform}: start "herd-agent run" by your own means`);
	return system;
}

export function factsHere(dataDir: string): Omit<ServiceFacts, "flags"> {
	const { username, uid } = userInfo();
	const domain = env["USERDOMAIN"];
	const homeFolder = homedir();
	return {
		nodePath: execPath,
		// npm starts programs by a link in a folder of its own
		scriptPath: realpathSync(argv[1] ?? ""),
		user: platform === "win32" && domain !== undefined ? `${domain}\\${username}` : username,
		userId: uid,
		homeFolder,
		configFolder: env["XDG_CONFIG_HOME"] || join(homeFolder, ".config"),
		dataDir,
	};
}
