/** Whether a router answers at the URL, and is one; and whose clock is right. */
import * as z from "zod";
import { exchange } from "../../exchange.ts";
import type { Exchanged } from "../../exchange.ts";
import { printable } from "../../heartbeat/outcome.ts";
import { jsonOf } from "../../json.ts";
import { ok, problem, warning } from "../finding.ts";
import type { Check, Finding } from "../finding.ts";

const LIMIT_MS = 5_000;
/** Seconds in headers, and the way there and back, are no skew. */
const SKEW_MS = 30_000;
const ABOUT = "Router";

const HealthSchema = z.object({ status: z.literal("ok"), version: z.string() });

export const router: Check = async ({ routerUrl, now }) => {
	if (routerUrl === undefined)
		return [problem(ABOUT, "No router is known", "Say --router-url http://ROUTER:11435, as the router's start shows it")];
	try {
		const answer = await exchange(`${routerUrl}/healthz`, { signal: AbortSignal.timeout(LIMIT_MS) });
		const health = HealthSchema.safeParse(jsonOf(answer.text));
		if (!health.success) return [await strangerAt(routerUrl, answer)];
		return [ok(ABOUT, `herd ${health.data.version} answers at ${routerUrl}`), clockFinding(answer.headers.date, now())];
	} catch (error) {
		return [unreachable(routerUrl, error)];
	}
};

/** Something answers, and it is no router. */
async function strangerAt(routerUrl: string, { status, text }: Exchanged): Promise<Finding> {
	if (status === 403)
		return problem(ABOUT, `The router refuses this address: ${printable(text)}`, "Use its IP address, or add the name there");
	const greeting = await exchange(`${routerUrl}/`, { signal: AbortSignal.timeout(LIMIT_MS) }).catch(() => undefined);
	if (greeting?.text.startsWith("Ollama is running"))
		return problem(
			ABOUT,
			`At ${routerUrl} there is an Ollama, not a router`,
			"The router's port is 11435 if nobody has changed it: correct --router-url",
		);
	return problem(
		ABOUT,
		`At ${routerUrl} another program answers (${status})`,
		"Correct the port in --router-url: the router's start shows it",
	);
}

/** What each error means for somebody who has typed a URL. */
function unreachable(routerUrl: string, error: unknown): Finding {
	const { hostname, port, protocol } = new URL(routerUrl);
	const code = error instanceof Error && "code" in error ? String(error.code) : "";
	if (code === "ENOTFOUND" || code === "EAI_AGAIN")
		return problem(
			ABOUT,
			`The name "${hostname}" is not known here (${code})`,
			"Look for a typing error in --router-url, or use the router's IP address",
		);
	if (code === "ECONNREFUSED")
		return problem(
			ABOUT,
			`Nothing listens at ${hostname}, port ${port || "80"}`,
			"Start herd there, or correct the port: it is 11435 if nobody has changed it",
		);
	if (code === "EPROTO" || code.startsWith("ERR_SSL"))
		return problem(ABOUT, `${routerUrl} speaks no ${protocol.slice(0, -1)}`, "Write http:// instead of https://");
	if (code === "ECONNRESET")
		return problem(ABOUT, `What listens at ${routerUrl} hung up`, "It may speak https, or be no router: correct --router-url");
	const what = code === "" || code === "ABORT_ERR" ? `has not answered within ${LIMIT_MS / 1000} s` : `can't be reached (${code})`;
	return problem(
		ABOUT,
		`${routerUrl} ${what}`,
		`Is that machine on, in this network, and does its firewall let port ${port || "80"} in? ${macAdvice()}`.trim(),
	);
}

function macAdvice(): string {
	return process.platform === "darwin" ? "On this Mac, allow node in System Settings, Privacy & Security, Local Network" : "";
}

function clockFinding(date: string | undefined, now: number): Finding {
	const theirs = Date.parse(date ?? "");
	if (Number.isNaN(theirs)) return warning("Clock", "The router told no time", "A proxy in between may take its Date header away");
	const skewMs = now - theirs;
	if (Math.abs(skewMs) < SKEW_MS) return ok("Clock", "goes with the router's");
	const text = `This machine's clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? "ahead of" : "behind"} the router's`;
	return warning("Clock", text, "Let both set their clocks by the network: times in logs and traces would not fit together");
}
