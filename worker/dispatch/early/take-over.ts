/** The answer of dispatch, behind an answer that has begun: its body, or its error in the form that is left. */
import type { Refusal } from "../../errors.ts";
import { cutOff } from "../cut-off.ts";
import type { About } from "../forms/form.ts";
import { isOf } from "../last-words.ts";
import type { Ports } from "../ports.ts";
import type { EarlyForm } from "./early-form.ts";
import type { KeptFailure } from "./kept-failures.ts";
import { refusalIn } from "./refusal-in.ts";

/** An answer of which only keep-alives have been sent. */
export interface Begun {
	readonly form: EarlyForm;
	readonly about: () => About;
	readonly writer: WritableStreamDefaultWriter<Uint8Array>;
	/** By which a repeat of the request is known; undefined for a stream, whose errors need none. */
	readonly key: Promise<string> | undefined;
	readonly signal: AbortSignal;
}

/** Never rejects. */
export async function takeOver(response: Response, begun: Begun, ports: Ports): Promise<void> {
	try {
		if (begun.signal.aborted) return;
		if (response.ok && response.body && fits(begun.form, response)) await passOn(response.body, begun);
		else await fail(response, begun, ports);
	} catch {
		// The client has left meanwhile
	}
}

/** An answer without a text to generate is one JSON object on Ollama's own routes, and a line like any other. */
function fits({ contentType, stream }: EarlyForm, { headers }: Response): boolean {
	const given = headers.get("content-type") ?? "";
	const isJson = isOf({ contentType: "application/json" }, given);
	return stream ? isOf(stream, given) || (isJson && isOf({ contentType: "application/x-ndjson" }, contentType)) : isJson;
}

/** Chunk by chunk: workerd has no native pipe from one of its own streams to another. It is a third of a millisecond each, after many seconds. */
async function passOn(body: ReadableStream<Uint8Array>, { form, about, writer }: Begun): Promise<void> {
	const continued = form.stream?.continued?.(about());
	try {
		for await (const chunk of continued ? body.pipeThrough(continued) : body) await writer.write(chunk);
	} catch {
		return cutOff(writer);
	}
	await writer.close();
}

async function fail(response: Response, { form, about, writer, key }: Begun, { early, now }: Ports): Promise<void> {
	const text = await response.text().catch(() => "");
	if (form.stream) {
		const { stream } = form;
		const passed = { head: stream.opening(about()), tail: "" };
		await writer.write(new TextEncoder().encode(stream.error(refusalOf(response, text), passed, about())));
		return stream.cutAfterError ? cutOff(writer) : writer.close();
	}
	if (key && !response.ok) early.kept.keep(await key, failureOf(response, text), now());
	await cutOff(writer);
}

function refusalOf({ ok, status, headers }: Response, text: string): Refusal {
	if (!ok) return refusalIn(status, text);
	return { status: 502, message: `the node answered with ${headers.get("content-type") ?? "nothing"} where a stream was asked for` };
}

function failureOf({ status, headers }: Response, body: string): KeptFailure {
	const [contentType, retryAfter] = [headers.get("content-type") ?? "text/plain", headers.get("retry-after") ?? undefined];
	return { status, contentType, retryAfter, body };
}
