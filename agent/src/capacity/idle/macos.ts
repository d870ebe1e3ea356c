import { output } from "../../command.ts";

const NS_PER_MS = 1e6;

/** Milliseconds since keyboard, mouse or trackpad were touched; asks for no permission. */
export async function readMacosIdle(): Promise<number | undefined> {
	return parseIoreg(await output("/usr/sbin/ioreg", ["-c", "IOHIDSystem", "-d", "4"]));
}

/** The first `"HIDIdleTime" = 5123000000`, in nanoseconds. */
export function parseIoreg(text: string): number | undefined {
	const ns = /"HIDIdleTime" = (\d+)/.exec(text)?.[1];
	return ns === undefined ? undefined : Number(ns) / NS_PER_MS;
}
