/** What may stand in a setting. Each check says what is allowed; pure. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { parseDuration } from "./capacity/duration.ts";
import { parseQuietHours, type QuietSpan } from "./capacity/quiet-hours.ts";
import { NodeIdSchema } from "../../worker/protocol/heartbeat.ts";
import { LOG_LEVELS, logLevelOf } from "./log-level.ts";
import type { LogLevelSetting } from "./log-level.ts";

const MAX_PORT = 65_535;
const MAX_NODE_ID_CHARACTERS = 63;

export function httpUrl(text: string): string {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
		throw new InvalidArgumentError("It must be a URL that begins with http:// or https://, such as http://192.168.1.10:11435.");
	}
	if (url.username !== "" || url.password !== "") throw new InvalidArgumentError("It must not hold a user name or a password.");
	return text.replace(/\/+$/, "");
}

/** People copy the dashboard's address, key and all. A path before it may be a proxy's. */
export function routerUrl(text: string): string {
	return httpUrl(
		httpUrl(text)
			.replace(/[?#].*$/, "")
			.replace(/\/dashboard\/?$/, ""),
	);
}

export function nodeId(text: string): string {
	const parsed = NodeIdSchema.safeParse(text);
	if (parsed.success) return parsed.data;
	throw new InvalidArgumentError("It must be 1 to 63 letters, digits, dots, dashes or underscores, and begin with a letter or digit.");
}

export function port(text: string): number {
	const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
	if (value >= 0 && value <= MAX_PORT) return value;
	throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_PORT}, or 0 for any free port.`);
}

/** It travels in a header. */
export function token(text: string): string {
	if (/^[\x21-\x7e]+$/.test(text)) return text;
	throw new InvalidArgumentError("It must be one word of plain ASCII characters, as the router printed it.");
}

export function logLevel(text: string): LogLevelSetting {
	const level = logLevelOf(text);
	if (level !== undefined) return level;
	throw new InvalidArgumentError(`It must be one of ${LOG_LEVELS.join(", ")}.`);
}

export function places(text: string): number {
	if (/^\d{1,4}$/.test(text) && Number(text) > 0) return Number(text);
	throw new InvalidArgumentError("It must be a whole number of requests, 1 or more; herd-agent pause keeps all of them away.");
}

export function quietHours(text: string): readonly QuietSpan[] {
	const spans = parseQuietHours(text);
	if (spans) return spans;
	throw new InvalidArgumentError('It must be hours such as "22:00-07:00" or "Mon-Fri 09:00-18:00; Sat,Sun 10:00-12:00".');
}

export function duration(text: string): number {
	const ms = parseDuration(text);
	if (ms !== undefined) return ms;
	throw new InvalidArgumentError("It must be a time such as 30m, 2h, 1h30m or 3d, a year at most.");
}

/** A flag without a value says yes. */
export function yesOrNo(text = "true"): boolean {
	if (/^(true|1)$/i.test(text)) return true;
	if (/^(false|0)$/i.test(text)) return false;
	throw new InvalidArgumentError("It must be true or false.");
}

export function folder(text: string): string {
	if (text === "") throw new InvalidArgumentError("It must be the path of a folder.");
	return resolve(text.replace(/^~(?=$|[/\\])/, homedir()));
}

export function defaultFolder(): string {
	return join(homedir(), ".fleet-manager");
}

/** The machine's short name, with what a node id may not hold replaced. */
export function nodeIdFrom(hostname: string): string {
	const short = hostname.split(".", 1)[0] ?? "";
	const id = short
		.normalize("NFKD")
		.replace(/\p{M}/gu, "")
		.replace(/[^A-Za-z0-9_-]+/g, "-")
		.replace(/^[^A-Za-z0-9]+|-+$/g, "");
	return id.slice(0, MAX_NODE_ID_CHARACTERS) || "node";
}
