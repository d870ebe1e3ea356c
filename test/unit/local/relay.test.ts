import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, it } from "vitest";
import { Relay } from "../../../local/host/relay.ts";

const LISTEN_CHANNEL = "tracing:net.server.listen:asyncStart";
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A relay before a server that says everything back, with the errors it reported. */
async function openRelay(maxConnections: number) {
	const inner = createServer((socket) => socket.on("error", () => undefined).pipe(socket)).listen(0, "127.0.0.1");
	await once(inner, "listening");
	const address = inner.address();
	const innerPort = typeof address === "object" && address ? address.port : 0;
	const errors: Error[] = [];
	const relay = await Relay.open({ host: "127.0.0.1", port: 0, innerPort, maxConnections, onError: (error) => errors.push(error) });
	cleanups.push(
		() => inner.close(),
		() => (relay.stopListening(), relay.destroy()),
	);
	return { relay, errors };
}

async function dial(port: number): Promise<Socket> {
	const socket = connect(port, "127.0.0.1").on("error", () => undefined);
	cleanups.push(() => socket.destroy());
	await once(socket, "connect");
	return socket;
}

async function echo(socket: Socket, word: string): Promise<string> {
	socket.write(word);
	return String((await once(socket, "data"))[0]);
}

describe("the relay", () => {
	it("closes at once a connection beyond the most it may hold, and keeps those there are", async ({ expect }) => {
		const { relay } = await openRelay(1);
		const first = await dial(relay.port);
		expect(await echo(first, "one")).toBe("one");
		await once(await dial(relay.port), "close");
		expect(await echo(first, "still")).toBe("still");
	});

	it("outlives an error of its listening socket and reports it", async ({ expect }) => {
		let server: Server | undefined;
		const note = (message: unknown) => (server = (message as { server: Server }).server);
		const { relay, errors } = await openRelayNoting(note);
		const error = new Error("accept EMFILE");
		expect(server?.emit("error", error)).toBe(true);
		expect(errors).toEqual([error]);
		expect(await echo(await dial(relay.port), "on")).toBe("on");
	});

	/** Node tells on a channel which server listens: the relay's own is the last. */
	async function openRelayNoting(note: (message: unknown) => void) {
		subscribe(LISTEN_CHANNEL, note);
		return openRelay(10).finally(() => unsubscribe(LISTEN_CHANNEL, note));
	}
});
