import { isIPv6 } from "node:net";

const IPV4_MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** The door's URL at the address that a socket of this machine has. */
export function doorUrlAt(localAddress: string, port: number): string {
	const address = IPV4_MAPPED.exec(localAddress)?.[1] ?? localAddress;
	// A zone (`%en0`) names an interface of this machine only.
	const host = isIPv6(address) ? `[${address.replace(/%.*$/, "")}]` : address;
	return `http://${host}:${port}`;
}

/** Listens on every address of the machine, so that its own tells nobody anything. */
export function isWildcard(address: string): boolean {
	return address === "::" || address === "0.0.0.0";
}
