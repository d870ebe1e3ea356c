import { subscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { endpoint } from "./connection.ts";

/**
 * The near ends of this process's own connections to a port, those kept open for later included. To be called before the first of
 * them is opened: Node announces each new one, whoever opens it.
 */
export function watchOwnSockets(port: number): () => string[] {
	const ends = new Set<string>();
	subscribe("net.client.socket", (message) => {
		const socket = typeof message === "object" && message !== null && "socket" in message ? message.socket : undefined;
		// Only a connected socket knows its near end, and a closed one has forgotten it.
		if (socket instanceof Socket) socket.once("connect", () => note(socket));
	});
	const note = (socket: Socket) => {
		if (socket.remotePort !== port || socket.localAddress === undefined || socket.localPort === undefined) return;
		const end = endpoint(socket.localAddress, socket.localPort);
		ends.add(end);
		socket.once("close", () => ends.delete(end));
	};
	return () => [...ends];
}
