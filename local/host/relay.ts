/**
 * Owns the public port: a raw TCP pipe to workerd. workerd does not notice a client that closes cleanly while nothing is
 * written to it, so a client's FIN becomes a reset (reference/workerd.md section 2). The port stays open over a workerd
 * restart, and streams end in peace at shutdown.
 */
import { connect, createServer, type Server, type Socket } from "node:net";

/** workerd is back within half a second. */
const REDIAL_EVERY_MS = 25;
const REDIAL_FOR_MS = 5_000;

export interface RelayOptions {
	readonly host: string;
	/** 0 takes any free port. */
	readonly port: number;
	readonly innerPort: number;
	/** workerd dies when it runs out of file descriptors, at four a stream: Node accepts connections beyond this and closes them at once. */
	readonly maxConnections: number;
	/** Told of what goes wrong while listening, such as a connection that could not be accepted; the port stays open. */
	readonly onError: (error: Error) => void;
}

export class Relay {
	readonly #server: Server;
	readonly #clients = new Set<Socket>();

	private constructor(server: Server, clients: Set<Socket>) {
		this.#server = server;
		this.#clients = clients;
	}

	/** Rejects when the port is taken or not allowed. */
	static open({ host, port, innerPort, maxConnections, onError }: RelayOptions): Promise<Relay> {
		const clients = new Set<Socket>();
		const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
			clients.add(client);
			client.once("close", () => clients.delete(client));
			client.on("error", () => client.destroy());
			void pipe(client, innerPort);
		});
		server.maxConnections = maxConnections;
		return new Promise((resolve, reject) => {
			server.once("error", reject);
			server.listen(port, host, () => {
				server.off("error", reject);
				server.on("error", onError);
				resolve(new Relay(server, clients));
			});
		});
	}

	get port(): number {
		const address = this.#server.address();
		return typeof address === "object" && address ? address.port : 0;
	}

	/** Takes no more connections; those there are live on. */
	stopListening(): void {
		this.#server.close();
	}

	/** Ends every connection, after what is already on its way. */
	destroy(): void {
		for (const client of this.#clients) client.destroySoon();
	}
}

async function pipe(client: Socket, innerPort: number): Promise<void> {
	const inner = await dial(client, innerPort);
	if (!inner) return void client.destroy();
	client.pipe(inner, { end: false });
	inner.pipe(client, { end: false });
	client.on("end", () => {
		inner.resetAndDestroy();
		client.end();
	});
	client.on("close", () => inner.resetAndDestroy());
	inner.on("end", () => client.end());
	inner.on("close", () => client.end());
	inner.on("error", () => client.destroy());
}

/** Undefined when the client left meanwhile, or workerd stays away. */
async function dial(client: Socket, innerPort: number): Promise<Socket | undefined> {
	const startedAt = Date.now();
	while (!client.destroyed && Date.now() - startedAt < REDIAL_FOR_MS) {
		const inner = await tryOnce(innerPort);
		if (inner && !client.destroyed) return inner;
		inner?.destroy();
		await new Promise((resolve) => setTimeout(resolve, REDIAL_EVERY_MS));
	}
	return undefined;
}

function tryOnce(innerPort: number): Promise<Socket | undefined> {
	return new Promise((resolve) => {
		const inner = connect({ host: "127.0.0.1", port: innerPort, noDelay: true, allowHalfOpen: true });
		inner.once("connect", () => {
			inner.removeAllListeners("error");
			resolve(inner);
		});
		inner.once("error", () => resolve(undefined));
	});
}
