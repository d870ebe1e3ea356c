#!/usr/bin/env node
// The router needs a Node that runs TypeScript by itself; on an older one it starts itself anew under the Node it brought.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const herd = join(dirname(fileURLToPath(import.meta.url)), "..", "herd.ts");

if (major > 22 || (major === 22 && minor >= 18)) {
	await import(herd);
} else {
	const node = join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin", "node");
	const child = spawn(node, [herd, ...process.argv.slice(2)], { stdio: "inherit" });
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
	child.on("exit", (code, signal) => {
		process.exitCode = signal ? 1 : (code ?? 1);
	});
}
