/** What a process uses, as its system tells. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

export interface Usage {
	residentBytes: number;
	/** User and system, since the process began. */
	cpuMs: number;
}

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICK_MS = 10;
const KIB = 1024;

/** Undefined when the process is gone or the system does not tell. */
export async function usageOf(pid: number): Promise<Usage | undefined> {
	try {
		if (process.platform === "linux") {
			const [status, stat] = await Promise.all(["status", "stat"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8")));
			return parseProc(status ?? "", stat ?? "");
		}
		const { stdout } = await promisify(execFile)("ps", ["-o", "rss=,time=", "-p", String(pid)]);
		return parsePs(stdout);
	} catch {
		return undefined;
	}
}

/** `/proc/PID/status` and `/proc/PID/stat`; the second field of the latter may hold blanks and brackets. */
export function parseProc(status: string, stat: string): Usage {
	const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
	const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
	return { residentBytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * KIB, cpuMs: (userTicks + systemTicks) * TICK_MS };
}

/** `ps -o rss=,time=`: KiB, then hours, minutes and seconds with colons between them. */
export function parsePs(line: string): Usage {
	const [rss, time = ""] = line.trim().split(/\s+/);
	const seconds = time.split(":").reduce((total, part) => total * 60 + Number(part), 0);
	return { residentBytes: Number(rss) * KIB, cpuMs: seconds * 1000 };
}
