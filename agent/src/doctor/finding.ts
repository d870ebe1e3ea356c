/** What one look at one thing gave. */
export interface Finding {
	/** What was looked at, in a word or two. */
	about: string;
	/** `warning`: it works, but not as well as it could. */
	state: "ok" | "warning" | "problem";
	/** What was found. */
	text: string;
	/** What to do; always there for a problem. */
	advice?: string;
}

/** Everything a check may look at. */
export interface DoctorFacts {
	/** Absent when none was said and no agent has run here. */
	routerUrl?: string;
	ollamaUrl: string;
	nodeId: string;
	dataDir: string;
	doorPort: number;
	token?: string;
	/** The node's own, once it has joined. */
	secret?: string;
	/** Where the agent that last ran has its door. */
	doorUrl?: string;
	/** What a person types to call this program. */
	program: string;
	now: () => number;
}

/** One thing to look at: never rejects for what it looks at. */
export type Check = (facts: DoctorFacts) => Promise<Finding[]>;

export function ok(about: string, text: string): Finding {
	return { about, state: "ok", text };
}

export function warning(about: string, text: string, advice: string): Finding {
	return { about, state: "warning", text, advice };
}

export function problem(about: string, text: string, advice: string): Finding {
	return { about, state: "problem", text, advice };
}
