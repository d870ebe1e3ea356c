import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { env, platform } from "node:process";

/** Where the installers put it; a service's PATH often lacks these. */
const USUAL_PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
	darwin: ["/Applications/Ollama.app/Contents/Resources/ollama", "/opt/homebrew/bin/ollama", "/usr/local/bin/ollama"],
	linux: ["/usr/local/bin/ollama", "/usr/bin/ollama"],
	win32: [join(env["LOCALAPPDATA"] ?? "", "Programs", "Ollama", "ollama.exe")],
};

/** The `ollama` program that a person could start here; undefined where there is none. */
export async function findOllama(): Promise<string | undefined> {
	const name = platform === "win32" ? "ollama.exe" : "ollama";
	const onPath = (env["PATH"] ?? "").split(delimiter).filter(Boolean);
	const candidates = [...onPath.map((folder) => join(folder, name)), ...(USUAL_PLACES[platform] ?? [])];
	const found = await Promise.all(candidates.map(isExecutable));
	return candidates.find((_, index) => found[index]);
}

function isExecutable(path: string): Promise<boolean> {
	return access(path, constants.X_OK).then(
		() => true,
		() => false,
	);
}
