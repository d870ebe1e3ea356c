/** An Ollama that takes files: it tells of each upload as it begins, and swallows or holds its body as the test says. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { until } from "./until.ts";

export interface UploadSink {
	readonly url: string;
	/** The next upload whose head has arrived; its body is the test's to read. It is answered 201 at its end. */
	next(): Promise<IncomingMessage>;
	stop(): Promise<void>;
}

const FACTS: Record<string, unknown> = {
	"/api/version": { version: "0.32.15" },
	"/api/tags": { models: [{ name: "script:1b", size: 1_000_000, digest: "a".repeat(64), capabilities: ["completion"] }] },
	"/api/ps": { models: [] },
};

export async function startUploadSink(): Promise<UploadSink> {
	const begun: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		const known = FACTS[request.url ?? ""];
		if (known) return void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(known));
		if (!request.url?.startsWith("/api/blobs/")) return void response.writeHead(404).end();
		request.on("end", () => response.writeHead(201).end());
		begun.push(request);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	return {
		url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
		next: () => until("an upload reaches Ollama", () => begun.shift()),
		async stop() {
			const closed = once(server, "close");
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}
