/** A model registry that knows the sizes it is told, and nothing else. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { Ended } from "./household.ts";

export interface FakeRegistry extends Ended {
	readonly url: string;
	/** Paths that were asked for. */
	readonly asked: string[];
}

/** Bytes by `library/name:tag`. */
export async function startFakeRegistry(sizes: Readonly<Record<string, number>>): Promise<FakeRegistry> {
	const asked: string[] = [];
	const server = createServer(({ url = "" }, response) => {
		asked.push(url);
		const [, name = "", tag = ""] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url) ?? [];
		const size = sizes[`${name}:${tag}`];
		const body = size === undefined ? { errors: [{ code: "MANIFEST_UNKNOWN" }] } : { schemaVersion: 2, layers: [{ size }] };
		response.writeHead(size === undefined ? 404 : 200, { "content-type": "application/json" }).end(JSON.stringify(body));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	return {
		url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
		asked,
		async stop() {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}
