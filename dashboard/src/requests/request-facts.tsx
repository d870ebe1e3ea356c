import type { Trace } from "../../../worker/protocol/trace.ts";
import { count, duration, epochMs, inWords, tokensPerSecond } from "../format.ts";
import { decodeRate } from "./trace-words.ts";

/** Everything else a request is known by, for looking it up and for narrow screens whose table has fewer columns. */
export function RequestFacts({ trace }: { trace: Trace }) {
	return (
		<dl class="facts">
			{factsOf(trace).map(([name, value]) => (
				<div key={name}>
					<dt>{name}</dt>
					<dd class={name === "Id" ? "request-id" : undefined}>{value}</dd>
				</div>
			))}
		</dl>
	);
}

function factsOf(trace: Trace): [string, string][] {
	const facts: [string, string | undefined][] = [
		["Id", trace.request_id],
		["Ended", new Date(epochMs(trace.timestamp)).toLocaleString()],
		["Asked for", trace.original_model],
		["Served by", trace.model === trace.original_model ? undefined : trace.model],
		["Sent to", `${trace.endpoint}${trace.streamed ? ", streamed" : ""}`],
		["Class", trace.class],
		["App", trace.tags?.join(", ")],
		["From", trace.client_ip],
		["Tokens", tokenWords(trace)],
		["Speed", decodeRate(trace) === undefined ? undefined : inWords(tokensPerSecond(decodeRate(trace)))],
		["Load time", trace.load_ms === null ? undefined : inWords(duration(trace.load_ms))],
		["Finished by", trace.finish_reason ?? undefined],
		["Changed on the way", trace.rewrote?.join("; ")],
		["Left out", trace.excluded_nodes?.join(", ")],
	];
	return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}

function tokenWords({ prompt_tokens, completion_tokens, estimated_tokens }: Trace): string | undefined {
	const estimated = estimated_tokens === null ? "" : ` (in: about ${inWords(count(estimated_tokens))} estimated)`;
	if (prompt_tokens === null && completion_tokens === null) return estimated === "" ? undefined : estimated.slice(2, -1);
	return `${inWords(count(prompt_tokens))} in, ${inWords(count(completion_tokens))} out${estimated}`;
}
