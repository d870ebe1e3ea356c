/** One simulated machine as its routes see it. */
import type { Activity } from "./machine/activity.ts";
import type { Clock } from "./machine/clock.ts";
import type { Faults } from "./machine/faults.ts";
import type { OpenRequests } from "./machine/open-requests.ts";
import type { MachineProfile } from "./profiles.ts";
import type { Random } from "./machine/random.ts";
import type { Scheduler } from "./machine/scheduler.ts";
import type { ModelStore } from "./machine/store.ts";
import type { VersionRules } from "./machine/version-rules.ts";

export interface SimulatedNode {
	profile: MachineProfile;
	version: string;
	rules: VersionRules;
	store: ModelStore;
	scheduler: Scheduler;
	faults: Faults;
	clock: Clock;
	/** For ids; answers have their own seeds. */
	random: Random;
	seed: number;
	mark: string | undefined;
	timeScale: number;
	/** What `/api/ps` answered last. */
	lastListing: { models: unknown[] };
	/** Bound to a loopback address: then the Host header must name this machine. */
	checksHost: boolean;
	/** Digests of uploaded blobs. */
	blobs: Set<string>;
	activity: Activity;
	openRequests: OpenRequests;
}
