/** What it takes that the agent starts with the machine: told first, then done. Making a plan is pure, one way for each system. */

/** The agent as the service will start it. */
export interface ServiceFacts {
	/** Absolute: a service has next to no PATH. */
	nodePath: string;
	scriptPath: string;
	/** For `run`; no token among them: every user of a machine can read a command line. */
	flags: readonly string[];
	/** Of the person for whom it runs. */
	user: string;
	userId: number;
	homeFolder: string;
	/** Where systemd looks for the person's own services. */
	configFolder: string;
	dataDir: string;
}

export interface PlannedFile {
	path: string;
	text: string;
	mode: number;
	encoding: "utf8" | "utf16le";
	/** Nobody is shown what is in it. */
	isSecret?: boolean;
}

export interface PlannedCommand {
	words: readonly string[];
	/** Where there was nothing to stop. */
	mayFail?: boolean;
}

export interface Plan {
	files: readonly PlannedFile[];
	/** Run after the files are written. */
	commands: readonly PlannedCommand[];
	/** Removed after the commands. */
	removals: readonly string[];
	/** Run last. */
	afterwards: readonly PlannedCommand[];
	/** What a person should know or do besides. */
	hints: readonly string[];
}

export interface ServiceSystem {
	/** As a person knows it. */
	name: string;
	/** The file that is there once the agent is installed. */
	file: (facts: Pick<ServiceFacts, "homeFolder" | "configFolder" | "dataDir">) => string;
	install: (facts: ServiceFacts) => Plan;
	uninstall: (facts: Omit<ServiceFacts, "nodePath" | "scriptPath" | "flags">) => Plan;
}

export const SERVICE_NAME = "herd-agent";
/** Everybody may read it, so nothing secret is in it. */
export const PUBLIC_FILE = 0o644;
export const OWNER_ONLY = 0o600;
