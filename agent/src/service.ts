/** In service, drained or paused: what the owner of the machine wants, kept over restarts. */
import type { OwnerWord } from "./door/control.ts";
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

/** Resolves once the router was told, or could not be: true when it was. A pause leaves the door open: the router sends nothing more. */
export async function obeyWord(service: Service, word: OwnerWord, now: number): Promise<boolean> {
	const { door, loop, log } = service;
	if (word.word === "drain") door.drain();
	if (word.word === "resume") door.resume();
	await keep(service, word, now).catch((error: unknown) =>
		log.error(`The word ${word.word} could not be stored, so a restart forgets it: ${String(error)}`),
	);
	if (word.word === "drain") log.info(DRAINED);
	if (word.word === "resume") log.info("This machine is no longer drained or paused");
	return loop.beatNow();
}

function keep({ identity }: Service, word: OwnerWord, now: number): Promise<void> {
	switch (word.word) {
		case "drain":
			return identity.keepDraining(true);
		case "pause":
			return identity.keepPause(pauseFor(word.forMs, now));
		case "resume":
			return identity.keepInService();
	}
}

/** Without a time until it is resumed. */
export function pauseFor(forMs: number | undefined, now: number): { until?: number } {
	return forMs === undefined ? {} : { until: now + forMs };
}
