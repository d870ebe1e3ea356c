/** Something the person at the terminal can put right: its message is all they need, no stack. */
export class UserError extends Error {
	readonly exitCode: number;

	constructor(message: string, exitCode = 1) {
		super(message);
		this.exitCode = exitCode;
	}
}
