import { createInterface } from "node:readline/promises";

/** Whether the person at the terminal says yes; anything but y or yes is a no. */
export async function asksYes(question: string): Promise<boolean> {
	const lines = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
	} finally {
		lines.close();
	}
}
