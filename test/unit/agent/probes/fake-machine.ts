/** A machine put together out of files and programs: what probes read is really read, what they start is really started. */
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { output } from "../../../../agent/src/command.ts";
import type { Host } from "../../../../agent/src/probes/host.ts";

export interface Fixture {
	platform: NodeJS.Platform;
	arch: string;
	/** As Node tells it. */
	chip: string;
	totalBytes?: number;
	freeBytes?: number;
	files?: Record<string, string | { link: string } | { script: string }>;
	/** What programs print whatever they are asked, or the body of a shell script. */
	programs?: Record<string, string | { script: string }>;
	/** Answers of PowerShell by a word of the question. */
	powershell?: Record<string, string>;
}

export interface FakeMachine extends Host {
	/** What has been started so far. */
	started: string[];
	pass(ms: number): void;
	write(path: string, content: string): Promise<void>;
	remove(): Promise<void>;
}

const HOME = "/home/somebody";

export async function fakeMachine({ platform, arch, chip, totalBytes = 0, freeBytes = 0, ...parts }: Fixture): Promise<FakeMachine> {
	const root = await mkdtemp(join(tmpdir(), "fake-machine-"));
	const bin = join(root, "fake-bin");
	await mkdir(join(root, HOME), { recursive: true });
	await mkdir(bin);
	for (const [path, content] of Object.entries(parts.files ?? {})) await place(join(root, path), content);
	for (const [name, content] of Object.entries(parts.programs ?? {})) {
		await place(join(bin, name), typeof content === "string" ? { script: `/bin/cat <<'END'\n${content}\nEND` } : content);
	}
	const started: string[] = [];
	let now = 0;
	return {
		platform,
		arch,
		home: HOME,
		env: {},
		cpus: () => cpus().map((core) => ({ ...core, model: chip })),
		totalBytes: () => totalBytes,
		freeBytes: () => freeBytes,
		now: () => now,
		at: (path) => join(root, path),
		run(program, args) {
			started.push([basename(program), ...args].join(" "));
			return output(join(parts.files?.[program] === undefined ? bin : join(root, dirname(program)), basename(program)), args);
		},
		powershell: async (line) => Object.entries(parts.powershell ?? {}).find(([word]) => line.includes(word))?.[1] ?? "",
		started,
		pass: (ms) => void (now += ms),
		write: (path, content) => place(join(root, path), content),
		remove: () => rm(root, { recursive: true }),
	};
}

async function place(path: string, content: string | { link: string } | { script: string }): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	if (typeof content === "string") return writeFile(path, content);
	if ("link" in content) return symlink(content.link, path);
	await writeFile(path, `#!/bin/sh\n${content.script}\n`);
	await chmod(path, 0o755);
}
