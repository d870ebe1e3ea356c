/** What asking the router can come to. */
export type Answer<T> =
	| { kind: "good"; data: T }
	| { kind: "unreachable" }
	| { kind: "refused"; status: number; message: string | undefined }
	| { kind: "unreadable" };

export type Failure = Exclude<Answer<never>, { kind: "good" }>;
