/** Since when nobody has touched this machine: the desktop's own count where there is one, else what logind knows of its sessions. */
import { output } from "../../command.ts";

const MUTTER = ["call", "--session", "--dest", "org.gnome.Mutter.IdleMonitor", "--object-path", "/org/gnome/Mutter/IdleMonitor/Core"];
const FIELDS = ["Class", "Remote", "Type", "IdleHint", "IdleSinceHint"].flatMap((name) => ["-p", name]);

/** Milliseconds; undefined where nobody tells, as on a machine without a screen. */
export async function readLinuxIdle(): Promise<number | undefined> {
	return (await easily(readMutter)) ?? (await easily(readXprintidle)) ?? (await easily(readLogind));
}

async function readMutter(): Promise<number | undefined> {
	return parseGdbus(await output("gdbus", [...MUTTER, "--method", "org.gnome.Mutter.IdleMonitor.GetIdletime"]));
}

/** Wrong under Wayland, where it sees X programs only: there GNOME has answered before. */
async function readXprintidle(): Promise<number | undefined> {
	const text = (await output("xprintidle", [])).trim();
	return /^\d+$/.test(text) ? Number(text) : undefined;
}

async function readLogind(): Promise<number | undefined> {
	const list = await output("loginctl", ["list-sessions", "--no-legend"]);
	const ids = list.split("\n").flatMap((line) => line.trim().split(/\s+/, 1)[0] || []);
	if (ids.length === 0) return undefined;
	return parseSessions(await output("loginctl", ["show-session", ...ids, ...FIELDS]), Date.now());
}

/** `(uint64 12345,)` */
export function parseGdbus(text: string): number | undefined {
	const ms = /uint64 (\d+)/.exec(text)?.[1];
	return ms === undefined ? undefined : Number(ms);
}

/** Blocks of `Name=value`; the least idle of the local people counts. `now` in epoch milliseconds. */
export function parseSessions(text: string, now: number): number | undefined {
	const idle = text.split(/\n\s*\n/).flatMap((block) => idleOf(new Map(block.split("\n").map((line) => pair(line))), now) ?? []);
	return idle.length > 0 ? Math.min(...idle) : undefined;
}

/** A desktop that never sets the hint (KDE) has no time of it either: not known. Of a text console logind reads the time itself. */
function idleOf(fields: ReadonlyMap<string, string>, now: number): number | undefined {
	const sinceMs = Number(fields.get("IdleSinceHint") ?? 0) / 1000;
	if (fields.get("Class") !== "user" || fields.get("Remote") === "yes" || !(sinceMs > 0)) return undefined;
	if (fields.get("Type") !== "tty" && fields.get("IdleHint") === "no") return 0;
	return Math.max(0, now - sinceMs);
}

function pair(line: string): [string, string] {
	const at = line.indexOf("=");
	return [line.slice(0, at), line.slice(at + 1).trim()];
}

function easily(read: () => Promise<number | undefined>): Promise<number | undefined> {
	return read().catch(() => undefined);
}
