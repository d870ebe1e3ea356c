/** Which Host headers and Origins are let in (DESIGN section 8): the guards against rebound names and foreign pages. Pure. */

const LOCAL_SUFFIXES = [".localhost", ".local", ".lan", ".home.arpa", ".internal", ".ts.net", ".fritz.box"];
/** Ollama's default list (reference/ollama-api.md 2.2). */
const LOCAL_ORIGIN = /^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?$/;
const APP_ORIGIN = /^(?:app|file|tauri|vscode-webview|vscode-file):\/\//;

export interface HostPolicy {
	readonly allowedHosts: readonly string[];
	/** Deployed: only configured names, as local ones mean nothing there. */
	readonly edge: boolean;
}

/** `host` is the Host header; its port does not matter. */
export function hostAllowed(host: string, { allowedHosts, edge }: HostPolicy): boolean {
	const name = hostName(host);
	if (allowedHosts.some((allowed) => allowed.toLowerCase() === name)) return true;
	if (edge) return false;
	return isIpLiteral(name) || !name.includes(".") || LOCAL_SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/** The page was served under the very host it calls. */
export function isOwnOrigin(origin: string, host: string): boolean {
	return /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, "").toLowerCase() === host.toLowerCase();
}

/** Own host, Ollama's default list, or configured. */
export function originAllowed(origin: string, { host, corsOrigins }: { host: string; corsOrigins: readonly string[] }): boolean {
	if (corsOrigins.includes("*") || corsOrigins.includes(origin)) return true;
	if (LOCAL_ORIGIN.test(origin) || APP_ORIGIN.test(origin)) return true;
	return isOwnOrigin(origin, host);
}

function hostName(host: string): string {
	const bracketed = /^\[([^\]]+)\]/.exec(host);
	const name = bracketed?.[1] ?? host.split(":")[0] ?? "";
	return name.toLowerCase().replace(/\.$/, "");
}

function isIpLiteral(name: string): boolean {
	return name.includes(":") || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name);
}
