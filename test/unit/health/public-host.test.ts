import { describe, it } from "vitest";
import { isPublicHost } from "../../../worker/health/public-host.ts";

describe("a host", () => {
	it.for(["herd.example.com", "203.0.113.9", "100.128.0.1", "172.32.0.1", "[2001:db8::1]"])("%s is public", (host, { expect }) => {
		expect(isPublicHost(host)).toBe(true);
	});

	it.for([
		"nas",
		"nas.local",
		"mac.tail1234.ts.net",
		"127.0.0.1",
		"10.1.2.3",
		"172.16.0.9",
		"192.168.1.20",
		"100.64.0.1",
		"[::1]",
		"[fd7a::1]",
		"[fe80::1]",
	])("%s is not", (host, { expect }) => {
		expect(isPublicHost(host)).toBe(false);
	});
});
