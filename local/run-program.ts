/** Runs a command line; what the person at the terminal can put right is said in its own words, without a stack. */
import type { Command } from "commander";
import { UserError } from "./user-error.ts";

export async function runProgram(program: Command): Promise<void> {
	try {
		await program.parseAsync();
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		process.stderr.write(`${error.message}\n`);
		process.exit(error.exitCode);
	}
}
