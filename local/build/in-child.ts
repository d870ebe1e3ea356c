/** Builds what is stale in a process of its own: the bundlers would stay in the router's memory, 185 MB of them. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../places.ts";
import { UserError } from "../user-error.ts";
import { isAnythingStale } from "./build.ts";

export async function buildInChild(): Promise<void> {
	if (!isAnythingStale()) return;
	const build = promisify(execFile)(process.execPath, [join(ROOT, "local", "build", "main.ts")]);
	await build.catch((error: unknown) => {
		const details = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
		throw new UserError(`The router could not be built:\n${details}`);
	});
}
