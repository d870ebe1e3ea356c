import { afterEach, describe, it } from "vitest";
import { PowerShell } from "../../../../agent/src/probes/powershell.ts";

/** As far as it matters: one line in, what it says out, then whatever stands quoted at its end. */
const STAND_IN = `
	require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
		const [, question, mark] = /^(.*); '(.*)'$/.exec(line) ?? [];
		if (question === undefined || question === "hang") return;
		if (question === "end") process.exit(1);
		console.log(question + " " + process.pid + "\\n" + mark);
	});`;

const shells: PowerShell[] = [];
afterEach(() => {
	for (const made of shells.splice(0)) made.end();
});

function shell(limitMs = 30_000, program = process.execPath): PowerShell {
	const made = new PowerShell({ program, args: ["-e", STAND_IN], limitMs });
	shells.push(made);
	return made;
}

function pidIn(answer: string): string | undefined {
	return answer.split(" ")[1];
}

describe("PowerShell", () => {
	it("answers each question with its own lines, and stays the same one", async ({ expect }) => {
		const powershell = shell();
		const [one, two] = await Promise.all([powershell.ask("one"), powershell.ask("two")]);
		expect([one.split(" ")[0], two.split(" ")[0]]).toEqual(["one", "two"]);
		expect(pidIn(one)).toBe(pidIn(two));
	});

	it.for(["hang", "end"])("begins anew after a question that made it %s", async (question, { expect }) => {
		const powershell = shell(2_000);
		const before = pidIn(await powershell.ask("first"));
		await expect(powershell.ask(question)).rejects.toThrow(/PowerShell (did not answer|has ended)/);
		expect(pidIn(await powershell.ask("again"))).not.toBe(before);
	});

	it("that is not there says so", async ({ expect }) => {
		await expect(shell(30_000, "/no/such/powershell").ask("one")).rejects.toThrow("cannot start");
	});
});
