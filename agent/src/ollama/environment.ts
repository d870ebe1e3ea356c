/** Which of Ollama's settings an environment holds; pure. */
import type { OllamaReport } from "../../../worker/protocol/heartbeat.ts";

const DEFAULT_PORT = "11434";

export type Environment = Readonly<Record<string, string | undefined>>;

/** `/proc/PID/environ`: `NAME=value`, each ended by a NUL. */
export function parseProcEnviron(text: string): Environment {
	return fromAssignments(text.split("\0"));
}

/** `systemctl show -p Environment`: one line, assignments with spaces in double quotes. */
export function parseSystemdEnvironment(text: string): Environment {
	const line = /^Environment=(.*)$/m.exec(text)?.[1] ?? "";
	const words = line.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
	return fromAssignments(words.map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, "$1") : word)));
}

/** A file of `NAME=value` lines as systemd reads it; quotes around a value are dropped. */
export function parseEnvironmentFile(text: string): Environment {
	const lines = text.split("\n").map((line) => line.trim());
	const assignments = lines.filter((line) => line !== "" && !/^[#;]/.test(line));
	return fromAssignments(assignments.map((line) => line.replace(/=(["'])(.*)\1$/, "=$2")));
}

/** `NAME=value` each. */
export function fromAssignments(assignments: readonly string[]): Environment {
	return Object.fromEntries(
		assignments.flatMap((assignment) => {
			const at = assignment.indexOf("=");
			return at > 0 ? [[assignment.slice(0, at), assignment.slice(at + 1)]] : [];
		}),
	);
}

/** Whether this environment belongs to an Ollama on the given port: several may run on one machine. */
export function isForPort(environment: Environment, port: string): boolean {
	return portOf(environment["OLLAMA_HOST"]) === port;
}

/** As Ollama reads `OLLAMA_HOST`: quotes are dropped, and a scheme without a port means the scheme's own. */
function portOf(host: string | undefined): string {
	const bare = (host ?? "").trim().replace(/^["']|["']$/g, "");
	const [, scheme, rest = ""] = /^(?:(https?):\/\/)?(.*)$/.exec(bare) ?? [];
	const port = /:(\d+)(?:\/.*)?$/.exec(rest)?.[1];
	if (port !== undefined) return port;
	if (scheme === undefined) return DEFAULT_PORT;
	return scheme === "https" ? "443" : "80";
}

/** Absent settings stay absent: Ollama's default depends on its version and on the machine. */
export function settingsOf(environment: Environment): OllamaReport["settings"] {
	const keepAlive = keepAliveOf(environment["OLLAMA_KEEP_ALIVE"]);
	return {
		...numberAt(environment, "OLLAMA_NUM_PARALLEL", "num_parallel", 1),
		...numberAt(environment, "OLLAMA_MAX_LOADED_MODELS", "max_loaded_models", 0),
		...numberAt(environment, "OLLAMA_CONTEXT_LENGTH", "context_length", 0),
		...(keepAlive === undefined ? {} : { keep_alive: keepAlive }),
		source: "environment",
	};
}

/** The log shows the longest span of time that there is where somebody has set none. */
function keepAliveOf(text: string | undefined): string | undefined {
	if (text === undefined || text === "") return undefined;
	return text.startsWith("2562047h") ? "-1" : text;
}

function numberAt<Name extends string>(environment: Environment, variable: string, name: Name, least: number): { [key in Name]?: number } {
	const text = (environment[variable] ?? "").trim().replace(/^["']|["']$/g, "");
	const value = /^\d+$/.test(text) ? Number(text) : undefined;
	const result: { [key in Name]?: number } = {};
	if (value !== undefined && value >= least && Number.isSafeInteger(value)) result[name] = value;
	return result;
}
