/** In service or drained: what the owner of the machine wants, kept over restarts. */
import type { Door } from "./door/door.ts";
import type { HeartbeatLoop } from "./heartbeat/loop.ts";
import type { IdentityFile } from "./identity.ts";
import type { Logger } from "./log.ts";

const DRAINED = "This machine is drained: what runs is finished, nothing new comes until herd-agent resume";

export interface Service {
	door: Door;
	loop: HeartbeatLoop;
	identity: IdentityFile;
	log: Logger;
}

/** As it was when the agent last ran. */
export function takeUpService({ door, identity, log }: Omit<Service, "loop">): void {
	if (!identity.draining) return;
	door.drain();
	log.warn(DRAINED);
}

/** Resolves once the router was told, or could not be: true when it was. */
export async function setDraining({ door, loop, identity, log }: Service, draining: boolean): Promise<boolean> {
	if (draining) door.drain();
	else door.resume();
	await identity
		.keepDraining(draining)
		.catch((error: unknown) => log.error(`Whether this machine is drained could not be stored, so a restart forgets it: ${String(error)}`));
	log.info(draining ? DRAINED : "This machine is no longer drained");
	return loop.beatNow();
}
