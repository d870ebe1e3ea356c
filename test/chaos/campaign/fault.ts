/** What goes wrong in a storm, and how it is put right. */
import type { Random } from "../../../agent/src/simulate/machine/random.ts";
import type { Ask, LoadShape } from "./ask.ts";
import type { Home } from "./home.ts";
import type { Allowed } from "./judge.ts";
import type { CampaignMachine } from "./machine.ts";
import type { Traffic } from "./traffic.ts";

/** Where a fault strikes. */
export interface Stage {
	readonly home: Home;
	/** The machine it strikes. */
	readonly target: CampaignMachine;
	readonly traffic: Traffic;
	readonly random: Random;
	/** How many clients a crowd has. */
	readonly crowd: number;
	/** One more client, whose answer takes a while: only the target has its model. */
	own(wish?: Partial<Ask>): Ask;
	/** A violation that only the fault itself can see. */
	complain(problem: string): void;
}

export interface Fault extends Allowed {
	readonly name: string;
	/** Takes more than a few seconds: only the long campaign has it. */
	readonly isLong?: boolean;
	/** Why it can't be brought about here. */
	skip?(home: Home): string | undefined;
	readonly load?: Partial<Pick<LoadShape, "leavers" | "stallers">>;
	/** Resolves once the fault is there. */
	inject(stage: Stage): Promise<void>;
	/** Resolves once the fault has had its effect, where more requests alone don't show that. */
	holds?(stage: Stage): Promise<void>;
	heal(stage: Stage): Promise<void>;
}
