/** A registry and doors whose every answer is written by the test. */

export interface ScriptedPull {
	readonly host: string;
	readonly requestId: string | null;
	readonly body: unknown;
	/** True once the router has given it up. */
	readonly aborted: boolean;
	write(line: object): void;
	/** The connection breaks. */
	breakOff(): void;
}

export class ScriptedNetwork {
	/** Bytes by `library/name:tag`. A name that is not in it is answered 404; without it nobody answers. */
	manifests: Record<string, number> | undefined = {};
	/** What a node lists, by host. */
	readonly installed: Record<string, string[]> = {};
	readonly pulls: ScriptedPull[] = [];
	/** Addresses asked at the registry. */
	readonly looked: string[] = [];
	/** Answers of doors to a pull, instead of a stream, by host. */
	readonly refusals: Record<string, () => Response> = {};

	readonly send = (async (given: string | URL, init: RequestInit = {}) => {
		const { host, pathname } = new URL(given);
		if (pathname.startsWith("/v2/")) return this.#manifest(pathname);
		if (pathname === "/api/tags") return Response.json({ models: (this.installed[host] ?? []).map((name) => ({ name, size: 1 })) });
		return this.refusals[host]?.() ?? this.#pull(host, init);
	}) as typeof fetch;

	/** The last pull that reached a node. */
	get pull(): ScriptedPull {
		const pull = this.pulls.at(-1);
		if (!pull) throw new Error("No pull has reached a node");
		return pull;
	}

	#manifest(path: string): Response {
		this.looked.push(path);
		if (!this.manifests) throw new TypeError("Network connection lost");
		const bytes = this.manifests[path.replace("/v2/", "").replace("/manifests/", ":")];
		if (bytes === undefined) return Response.json({ errors: [{ code: "MANIFEST_UNKNOWN" }] }, { status: 404 });
		return Response.json({ schemaVersion: 2, config: { size: 400 }, layers: [{ size: bytes - 1000 }, { size: 600 }] });
	}

	#pull(host: string, { signal, headers, body }: RequestInit): Response {
		const pipe = new TransformStream<Uint8Array, Uint8Array>();
		const writer = pipe.writable.getWriter();
		const quiet = (work: Promise<unknown>) => void work.catch(() => undefined);
		this.pulls.push({
			host,
			requestId: new Headers(headers).get("x-request-id"),
			body: JSON.parse(typeof body === "string" ? body : "null"),
			get aborted() {
				return signal?.aborted ?? false;
			},
			write: (line) => quiet(writer.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`))),
			breakOff: () => quiet(writer.abort(new TypeError("Network connection lost"))),
		});
		return new Response(pipe.readable);
	}
}
