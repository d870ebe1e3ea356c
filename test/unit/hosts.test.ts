import { describe, it } from "vitest";
import { hostAllowed, originAllowed } from "../../worker/middleware/hosts.ts";

const LOCAL = { allowedHosts: ["herd.example.com"], edge: false };

const allowed = (origin: string, corsOrigins: string[] = []) => originAllowed(origin, { host: "nas.local:11435", corsOrigins });

describe("Host", () => {
	it.for([
		"localhost:11435",
		"127.0.0.1",
		"192.168.1.7:11435",
		"[::1]:11435",
		"mac-studio",
		"nas.local",
		"box.lan:1",
		"x.ts.net",
		"herd.example.com",
		"HERD.example.com.:80",
	])("%s is let in", (host, { expect }) => {
		expect(hostAllowed(host, LOCAL)).toBe(true);
	});

	it.for(["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "notlocal.com:11435"])(
		"%s is refused",
		(host, { expect }) => {
			expect(hostAllowed(host, LOCAL)).toBe(false);
		},
	);

	it("at the edge is a configured name only", ({ expect }) => {
		expect(["localhost", "10.0.0.1", "herd.example.com"].map((host) => hostAllowed(host, { ...LOCAL, edge: true }))).toEqual([
			false,
			false,
			true,
		]);
	});
});

describe("Origin", () => {
	it("may be the router's own, Ollama's default list, or configured", ({ expect }) => {
		expect(
			["http://nas.local:11435", "http://localhost:3000", "https://127.0.0.1", "app://obsidian.md", "vscode-webview://x"].map((origin) =>
				allowed(origin),
			),
		).toEqual(Array(5).fill(true));
		expect(allowed("https://chat.example.com", ["https://chat.example.com"])).toBe(true);
	});

	it.for(["https://evil.example", "http://nas.local", "http://localhost.evil.example", "null", "http://nas.local:11435.evil.example"])(
		"is refused as %s",
		(origin, { expect }) => {
			expect(allowed(origin)).toBe(false);
		},
	);
});
