import { afterEach, beforeEach, describe, it } from "vitest";
import { Stage } from "./on-the-wire.ts";

let stage: Stage;

beforeEach(async () => {
	stage = await Stage.open();
});

afterEach(async () => {
	await stage.close();
});

async function answer(
	text: string,
	complete: (received: string) => boolean = (received) => received.includes("\r\n\r\n"),
): Promise<string> {
	const conversation = stage.send(text);
	await stage.until(() => complete(conversation.received) || conversation.ended);
	return conversation.received;
}

describe("requests as no library sends them", () => {
	it("need a Host header, which may be empty", async ({ expect }) => {
		expect(await answer("GET /api/version HTTP/1.1\r\n\r\n")).toMatch(/^HTTP\/1.1 400 Bad Request\r\n[^]*missing required Host header$/);
		expect(await answer("GET /api/version HTTP/1.1\r\nHost:\r\n\r\n")).toMatch(/^HTTP\/1.1 200 OK/);
	});

	it("may name the whole address", async ({ expect }) => {
		expect(await answer("GET http://localhost/api/version HTTP/1.1\r\nHost: localhost\r\n\r\n")).toContain('{"version":"0.32.15"}');
	});

	it("are refused when they are no HTTP, or too long", async ({ expect }) => {
		expect(await answer("garbage\r\n\r\n")).toContain("400 Bad Request");
		expect(await answer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).toContain("400 Bad Request");
		expect(await answer(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"a".repeat(2_000_000)}\r\n\r\n`)).toContain(
			"431 Request Header Fields Too Large",
		);
	});

	it("are answered in order when several come at once", async ({ expect }) => {
		const version = "GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n";
		const root = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
		const received = await answer(version + root, (text) => text.includes("Ollama is running"));
		expect(received.indexOf("0.32.15")).toBeLessThan(received.indexOf("Ollama is running"));
	});

	it("get a stream without chunks over HTTP/1.0", async ({ expect }) => {
		const body = JSON.stringify({ model: "tiny", prompt: "a", options: { num_predict: 2 } });
		const received = await answer(`POST /api/generate HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`, () => false);
		expect(received).not.toContain("Transfer-Encoding");
		expect(received).toMatch(/"done":false\}\n\{"model"[^]*"done":true[^]*\}\n$/);
	});

	it("say so when their body was cut short", async ({ expect }) => {
		const conversation = stage.send('POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"model":');
		conversation.socket.end();
		await stage.until(() => conversation.ended);
		expect(conversation.received).toContain('{"error":"unexpected EOF"}');
	});
});

describe("who may ask", () => {
	it("is checked by the Host header on a loopback address only", async ({ expect }) => {
		const request = "GET /api/version HTTP/1.1\r\nHost: evil.example\r\n\r\n";
		expect(await answer(request)).toMatch(/^HTTP\/1.1 403 Forbidden/);
		await stage.close();
		stage = await Stage.open({ host: "0.0.0.0" });
		expect(await answer(request)).toMatch(/^HTTP\/1.1 200 OK/);
	});
});

describe("connections", () => {
	it("end without their last chunk when the server is gone, and are reset on demand", async ({ expect }) => {
		const body = { model: "slow", prompt: "a" };
		const torn = stage.ask("/api/generate", body);
		await stage.until(() => torn.received !== "");
		stage.ollama.resetConnections();
		await stage.until(() => torn.ended);
		const cut = stage.ask("/api/generate", body);
		await stage.until(() => cut.received !== "");
		await stage.ollama.stop();
		await stage.until(() => cut.ended);
		expect([torn.failed, torn.complete, cut.complete]).toEqual([true, false, false]);
	});
});

describe("machines that pulled at different times", () => {
	it("have other digests under the same names", async ({ expect }) => {
		const digest = async () => JSON.stringify((await stage.json("/api/tags"))["models"]).match(/"digest":"([^"]+)"/)?.[1];
		const first = await digest();
		await stage.close();
		stage = await Stage.open({ modelEdition: "newer" });
		expect(await digest()).not.toBe(first);
	});
});
