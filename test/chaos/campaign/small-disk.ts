/** A disk small enough to be filled: memory, mounted as one. Only root may, and only on Linux. */
import { execFile, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { promisify } from "node:util";

/** Many times what the traces of a campaign take. */
const SIZE = "size=256m";

/** Mounts it at `folder`; false where that is not possible. */
export async function mountSmallDisk(folder: string): Promise<boolean> {
	if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
	mkdirSync(folder, { recursive: true });
	process.once("exit", () => spawnSync("umount", ["-l", folder], { stdio: "ignore" }));
	return run("mount", "-t", "tmpfs", "-o", SIZE, "herd-chaos", folder);
}

export async function unmountSmallDisk(folder: string): Promise<void> {
	await run("umount", folder);
}

function run(program: string, ...flags: string[]): Promise<boolean> {
	return promisify(execFile)(program, flags).then(
		() => true,
		() => false,
	);
}
