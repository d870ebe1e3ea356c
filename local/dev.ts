/** `npm run dev`: the worker under `wrangler dev`, open as Ollama is, with the join token and admin key of the data folder. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defaultDataFolder, secretIn } from "./data-folder.ts";
import { dataFolderOf } from "./launcher-settings.ts";
import { ROOT } from "./places.ts";

const file = join(ROOT, ".dev.vars");
if (!existsSync(file)) {
	const folder = dataFolderOf(process.env) ?? defaultDataFolder();
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const variables = {
		FLEET_AUTH: "open",
		FLEET_NODE_TOKEN: secretIn(folder, "join-token"),
		FLEET_ADMIN_KEY: secretIn(folder, "admin-key"),
	};
	const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
	writeFileSync(file, lines.join(""), { mode: 0o600 });
	process.stdout.write(`Wrote ${file} with the join token and the admin key of ${folder}\n`);
}
const wrangler = spawn("wrangler", ["dev", ...process.argv.slice(2)], { cwd: ROOT, stdio: "inherit", shell: process.platform === "win32" });
// Ctrl-C reaches wrangler through the terminal; this process only waits for it
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
wrangler.on("exit", (code) => {
	process.exitCode = code ?? 1;
});
