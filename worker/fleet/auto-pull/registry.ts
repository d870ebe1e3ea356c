/** Asks the registry how big a model is. Never throws, and never takes longer than its limit. */
import { ManifestSchema, type Manifest } from "../../protocol/registry.ts";
import type { RegistryName } from "./registry-name.ts";

/** A client waits for it before it hears that there is no such model. */
const TIMEOUT_MS = 3_000;
/** How long an answer holds, and a registry that can't be reached is left alone. */
const REMEMBERED_MS = 60_000;
/** Names come from clients: they must not fill the memory. */
const MAX_REMEMBERED = 500;
const ACCEPT = "application/vnd.docker.distribution.manifest.v2+json";

export type Size = { readonly kind: "known"; readonly bytes: number } | { readonly kind: "absent" } | { readonly kind: "unreachable" };

export interface RegistryPorts {
	readonly url: string;
	readonly send: typeof fetch;
	/** Epoch milliseconds. */
	readonly now: () => number;
}

export class Registry {
	readonly #ports: RegistryPorts;
	readonly #answers = new Map<string, { readonly at: number; readonly size: Promise<Size> }>();
	#unreachableAt = -Infinity;

	constructor(ports: RegistryPorts) {
		this.#ports = ports;
	}

	/** Of all its layers together. Those who ask for one name at a time share the answer. */
	sizeOf(name: RegistryName): Promise<Size> {
		const now = this.#ports.now();
		const key = `${name.repository}:${name.tag}`;
		const known = this.#answers.get(key);
		if (known && now - known.at < REMEMBERED_MS) return known.size;
		if (now - this.#unreachableAt < REMEMBERED_MS) return Promise.resolve({ kind: "unreachable" });
		const size = this.#ask(name);
		this.#remember(key, now, size);
		return size;
	}

	#remember(key: string, at: number, size: Promise<Size>): void {
		this.#answers.delete(key);
		for (const oldest of this.#answers.keys()) if (this.#answers.size >= MAX_REMEMBERED) this.#answers.delete(oldest);
		this.#answers.set(key, { at, size });
	}

	async #ask({ repository, tag }: RegistryName): Promise<Size> {
		const { url, send, now } = this.#ports;
		try {
			const address = `${url.replace(/\/+$/, "")}/v2/${repository}/manifests/${tag}`;
			const response = await send(address, { headers: { accept: ACCEPT }, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
			const text = await response.text();
			if (response.status === 404) return { kind: "absent" };
			if (response.status === 200) return { kind: "known", bytes: bytesOf(ManifestSchema.parse(JSON.parse(text))) };
		} catch {
			// Whatever it was: no answer came
		}
		this.#unreachableAt = now();
		return { kind: "unreachable" };
	}
}

function bytesOf({ config, layers }: Manifest): number {
	return layers.reduce((sum, { size }) => sum + size, config?.size ?? 0);
}
