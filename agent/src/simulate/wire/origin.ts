/** Who may ask: Ollama's checks of Host and Origin, and its CORS headers. */
import type { Header } from "./exchange.ts";

const LOCAL_NAMES = ["localhost"];
const LOCAL_SUFFIXES = [".localhost", ".local", ".internal"];
const PRIVATE_ADDRESS = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0$|\[?::1?\]?$|\[?f[cd][0-9a-f]{2}:)/i;
const NUMERIC_HOST = /^[\d.]+$|:/;
const ALLOWED_HOSTS = new Set(["localhost", "127.0.0.1", "0.0.0.0"]);
const ALLOWED_SCHEMES = ["app://", "file://", "tauri://", "vscode-webview://", "vscode-file://"];
const STAINLESS = [
	"Arch",
	"Async",
	"Custom-Poll-Interval",
	"Helper-Method",
	"Lang",
	"Os",
	"Package-Version",
	"Poll-Helper",
	"Retry-Count",
	"Runtime",
	"Runtime-Version",
	"Timeout",
];
const ALLOWED_HEADERS = [
	"Authorization",
	"Content-Type",
	"User-Agent",
	"Accept",
	"X-Requested-With",
	"Openai-Beta",
	...STAINLESS.map((name) => `X-Stainless-${name}`),
];

/** Checked only by a server bound to a loopback address. */
export function hostAllowed(host: string | undefined): boolean {
	if (!host) return true;
	const name = host.replace(/:\d+$/, "").toLowerCase();
	if (NUMERIC_HOST.test(name)) return PRIVATE_ADDRESS.test(name);
	return LOCAL_NAMES.includes(name) || LOCAL_SUFFIXES.some((suffix) => name.endsWith(suffix));
}

export function originAllowed(origin: string): boolean {
	if (ALLOWED_SCHEMES.some((scheme) => origin.startsWith(scheme))) return true;
	const match = /^https?:\/\/([^/:]+)(:\d+)?$/.exec(origin);
	return match !== null && ALLOWED_HOSTS.has(match[1] ?? "");
}

/** An Origin that is the server's own address is no cross-origin request. */
export function isSameOrigin(origin: string, host: string | undefined): boolean {
	return origin === `http://${host ?? ""}` || origin === `https://${host ?? ""}`;
}

export function allowOrigin(origin: string): Header[] {
	return [
		["Access-Control-Allow-Origin", origin],
		["Vary", "Origin"],
	];
}

export function preflight(origin: string): Header[] {
	return [
		["Access-Control-Allow-Headers", ALLOWED_HEADERS.join(",")],
		["Access-Control-Allow-Methods", "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS"],
		["Access-Control-Allow-Origin", origin],
		["Access-Control-Max-Age", "43200"],
		["Vary", "Origin"],
		["Vary", "Access-Control-Request-Method"],
		["Vary", "Access-Control-Request-Headers"],
	];
}
