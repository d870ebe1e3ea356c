/** What the agent needs of the machine itself: Node, a folder to write to, room for models. */
import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { toldModelsFolder } from "../../ollama/models-folder.ts";
import { diskProbe } from "../../probes/disk.ts";
import { thisMachine } from "../../probes/host.ts";
import { ok, problem, warning } from "../finding.ts";
import { nearestFolder } from "../nearest-folder.ts";
import type { Check } from "../finding.ts";

const OLDEST_NODE = 20;
const GIB = 1024 ** 3;
/** A model of common size, and half of a small one. */
const ROOM_BYTES = 20 * GIB;
const LEAST_BYTES = 2 * GIB;

export const node: Check = async () => {
	const { node: version } = process.versions;
	if (Number(version.split(".", 1)[0]) >= OLDEST_NODE) return [ok("Node", `${version} (${process.execPath})`)];
	return [problem("Node", `${version} is too old`, `Install Node ${OLDEST_NODE} or newer: see https://nodejs.org`)];
};

/** Looked at, not made: a doctor leaves everything as it is. */
export const dataFolder: Check = async ({ dataDir }) => {
	try {
		await access(nearestFolder(dataDir), constants.R_OK | constants.W_OK | constants.X_OK);
		return [ok("Data folder", `${dataDir} ${existsSync(dataDir) ? "can be written" : "can be made"}`)];
	} catch (error) {
		const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
		const advice = "Make it writable for this user, or choose another with --data-dir";
		return [problem("Data folder", `${dataDir} can't be written (${code})`, advice)];
	}
};

export const modelsFolder: Check = async () => {
	const found = (
		await diskProbe(toldModelsFolder)
			.read(thisMachine, undefined)
			.catch(() => undefined)
	)?.disk;
	if (!found) return [warning("Disk", "The folder of Ollama's models could not be looked at", "Run this as the user who runs Ollama")];
	const text = `${(found.available_bytes / GIB).toFixed(1)} GB free for models in ${found.path}`;
	const advice = "Remove models that nobody uses (ollama rm), or move them: OLLAMA_MODELS";
	if (found.available_bytes < LEAST_BYTES) return [problem("Disk", text, advice)];
	return [found.available_bytes < ROOM_BYTES ? warning("Disk", text, advice) : ok("Disk", text)];
};
