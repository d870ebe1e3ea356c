/** workerd through Miniflare: the one file that knows its options, which are labelled beta. */
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { PUBLIC, WORKER_BUNDLE } from "../places.ts";

/** A full collection each time is cheap with a heap this small; without it workerd grows to several times the size. */
const V8_FLAGS = "--gc-global --max-semi-space-size=4";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const COMPATIBILITY = { compatibilityDate: "2026-10-20", compatibilityFlags: ["nodejs_compat", "enable_request_signal"] };
const ASSETS_ONLY = "export default { fetch: (request, env) => env.ASSETS.fetch(request) };";

export interface HostOptions {
	readonly persistAt: string;
	/** Text bindings: the worker's settings. */
	readonly variables: Readonly<Record<string, string>>;
	readonly onLog: (level: string, message: string) => void;
}

export interface WorkerHost {
	/** The loopback port workerd listens on. */
	readonly port: number;
	/** Calls a route of the router's own as its admin; the JSON answer. Rejects when workerd is away or refuses. */
	ask(method: "GET" | "POST", path: string): Promise<unknown>;
	dispose(): Promise<void>;
}

export async function hostWorker({ persistAt, variables, onLog }: HostOptions): Promise<WorkerHost> {
	process.env.MINIFLARE_WORKERD_V8_FLAGS ??= V8_FLAGS;
	const port = await freePort();
	const before = new Set(SIGNALS.flatMap((signal) => process.listeners(signal)));
	const miniflare = new Miniflare({
		host: "127.0.0.1",
		port: 0,
		cf: false,
		logRequests: false,
		telemetry: { enabled: false },
		resourcePersistencePath: persistAt,
		handleStructuredLogs: ({ level, message }) => onLog(level, message),
		workers: [routerWorker(variables, port), pageWorker()],
	});
	await miniflare.ready;
	takeBackSignals(before);
	return {
		port,
		ask: (method, path) => ask(port, { method, path, key: variables.FLEET_ADMIN_KEY ?? "" }),
		dispose: () => miniflare.dispose(),
	};
}

/** Miniflare ends the process at a signal, streams and all: when to end is the launcher's to say. */
function takeBackSignals(before: ReadonlySet<unknown>): void {
	for (const signal of SIGNALS) {
		for (const listener of process.listeners(signal)) if (!before.has(listener)) process.off(signal, listener);
	}
}

/** Over HTTP: Miniflare's own way to the objects costs 50 MB of the launcher's memory. */
async function ask(port: number, { method, path, key }: { method: "GET" | "POST"; path: string; key: string }): Promise<unknown> {
	const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
	const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
	if (!response.ok) throw new Error(`The router answered ${response.status} to ${method} ${path}`);
	return response.json();
}

function routerWorker(variables: Readonly<Record<string, string>>, port: number) {
	const texts = Object.entries(variables).map(([name, value]) => [name, { type: "text" as const, value }] as const);
	return {
		config: {
			name: "herd",
			...COMPATIBILITY,
			manifest: moduleManifest("worker.js", readFileSync(WORKER_BUNDLE, "utf8")),
			env: {
				...Object.fromEntries(texts),
				FLEET: { type: "durable-object" as const, worker: "herd", exportName: "Fleet" },
				VAULT: { type: "durable-object" as const, worker: "herd", exportName: "Vault" },
				DB: { type: "d1" as const, id: "herd" },
				// Each of these two spares every request the way through a hidden isolate
				ASSETS: { type: "worker" as const, worker: "page" },
				NET: { type: "network" as const, allow: ["public", "private"], tlsOptions: { trustBrowserCas: true } },
			},
			exports: {
				Fleet: { type: "durable-object" as const, storage: "sqlite" as const, unsafePreventEviction: true },
				Vault: { type: "durable-object" as const, storage: "sqlite" as const },
			},
		},
		dev: { unsafeDirectSockets: [{ host: "127.0.0.1", port }] },
	};
}

/** The page's files in a worker of their own: on the router's, every request would pass the asset router first. */
function pageWorker() {
	return {
		config: {
			name: "page",
			...COMPATIBILITY,
			manifest: moduleManifest("page.js", ASSETS_ONLY),
			env: { ASSETS: { type: "assets" as const } },
			assets: {
				directory: PUBLIC,
				hasUserWorker: true,
				runWorkerFirst: true,
				htmlHandling: "none" as const,
				notFoundHandling: "none" as const,
			},
		},
	};
}

function moduleManifest(name: string, contents: string) {
	return { mainModule: name, modulesRoot: join(PUBLIC, ".."), modules: { [name]: { type: "esm" as const, contents } } };
}

/** workerd must listen where it listened before a restart, so the port is fixed beforehand. */
function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once("error", reject);
		probe.listen(0, "127.0.0.1", () => {
			const address = probe.address();
			probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
		});
	});
}
