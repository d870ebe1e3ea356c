/**
 * Early bytes: an answer that is long in coming is begun before its status is known, so that neither its client nor anything
 * on the way gives up. Dispatch goes on behind it and knows nothing of it; its outcome is the request's.
 */
import { aboutOf } from "../forms/form.ts";
import { gone } from "../gone.ts";
import type { ParsedRequest } from "../parse-request.ts";
import type { Dispatched, Ports } from "../ports.ts";
import { pullWords } from "../pull-words.ts";
import type { Outcome } from "../to-trace.ts";
import { type EarlyForm, earlyFormOf, keepAlive } from "./early-form.ts";
import { repeatKey } from "./kept-failures.ts";
import { type Begun, takeOver } from "./take-over.ts";
import { within } from "./within.ts";

interface Exchange {
	readonly request: ParsedRequest;
	readonly headers: Headers;
	readonly signal: AbortSignal;
}

/** `dispatched` must not reject. */
export async function withEarlyBytes(dispatched: Promise<Dispatched>, exchange: Exchange, ports: Ports): Promise<Dispatched> {
	const { afterMs } = ports.early;
	const form = afterMs > 0 ? earlyFormOf(exchange.request) : undefined;
	if (!form) return dispatched;
	return (await within(dispatched, afterMs)) ?? begin(dispatched, form, exchange, ports);
}

/** What is kept of the request must be small: it lives as long as the answer. */
function begin(dispatched: Promise<Dispatched>, form: EarlyForm, { request, headers, signal }: Exchange, ports: Ports): Dispatched {
	const { id, model, path, body } = request;
	const { readable, writable } = new IdentityTransformStream();
	const writer = writable.getWriter();
	const key = form.stream ? undefined : repeatKey({ path, headers, body }, ports.secret);
	const begun = { form, about: () => aboutOf({ id, model }, ports.now()), writer, key, signal };
	return {
		response: new Response(readable, { headers: { "Content-Type": form.contentType, "X-Request-Id": id, "X-Fleet-Early": "1" } }),
		settled: see(dispatched, begun, ports),
	};
}

async function see(dispatched: Promise<Dispatched>, begun: Begun, ports: Ports): Promise<Outcome> {
	const { response, settled } = await keepAliveUntil(dispatched, begun, ports);
	const [outcome] = await Promise.all([settled, Promise.race([takeOver(response, begun, ports), gone(begun.signal)])]);
	return outcome;
}

async function keepAliveUntil(dispatched: Promise<Dispatched>, { form, about, writer }: Begun, ports: Ports): Promise<Dispatched> {
	const { everyMs } = ports.early;
	for (let count = 0; ; count++) {
		const news = form.stream?.comment && (await newsOf(about().id, ports));
		const text = keepAlive(form, about(), { count, everyMs }, news);
		// A client that has left is dispatch's to notice, by its signal
		const written = writer.write(new TextEncoder().encode(text)).catch(() => undefined);
		const done = (await within(dispatched, everyMs)) ?? (await Promise.race([dispatched, written]));
		if (done) return done;
	}
}

/** What a person would want to know of a request that takes so long. */
async function newsOf(requestId: string, { fleet }: Ports): Promise<string | undefined> {
	const pull = await fleet()
		.models()
		.pullAwaitedBy(requestId)
		.catch(() => undefined);
	return pull && `${pull.model} is being pulled ${pullWords(pull)}`;
}
