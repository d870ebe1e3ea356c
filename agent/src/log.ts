/** How the agent speaks: one line per change of state, never a prompt, a token or a secret. */
export interface Logger {
	info(message: string, fields?: Record<string, unknown>): void;
	warn(message: string, fields?: Record<string, unknown>): void;
	error(message: string, fields?: Record<string, unknown>): void;
}

export type LogLevel = keyof Logger;
