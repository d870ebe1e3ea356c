import { describe, it } from "vitest";
import { echoModel } from "../../../worker/dispatch/echo-model.ts";

async function through(
	text: string,
	chunkBytes: number,
	[served, requested]: [string, string] = ["llama3.1:8b", "claude-sonnet-4-6"],
): Promise<string> {
	const bytes = new TextEncoder().encode(text);
	const source = new ReadableStream<Uint8Array>({
		start(controller) {
			for (let at = 0; at < bytes.length; at += chunkBytes) controller.enqueue(bytes.slice(at, at + chunkBytes));
			controller.close();
		},
	});
	return new Response(source.pipeThrough(echoModel(served, requested))).text();
}

const LINES =
	'{"model":"llama3.1:8b","message":{"content":"Grüße 🦙 \\"model\\":\\"llama3.1:8b\\""},"done":false}\n{"model":"llama3.1:8b","done":true}\n';
const WANTED = LINES.replaceAll('"model":"llama3.1:8b"', '"model":"claude-sonnet-4-6"');

describe("the model's name in an answer", () => {
	it.for([1, 2, 3, 7, 16, 64, 4096])(
		"becomes the client's, in chunks of %i bytes, and nothing else changes",
		async (chunkBytes, { expect }) => {
			expect(await through(LINES, chunkBytes)).toBe(WANTED);
		},
	);

	it("is left alone inside what the model says", async ({ expect }) => {
		expect(await through(LINES, 5)).toContain('\\"model\\":\\"llama3.1:8b\\"');
	});

	it("may be longer, shorter or of other letters", async ({ expect }) => {
		expect(await through('{"model":"m"}', 4, ["m", "größer:latest"])).toBe('{"model":"größer:latest"}');
	});
});
