/** What the router says of this machine: token, approval, service, and whether it reaches the door. */
import { JOIN_TOKEN_HEADER } from "../../../../worker/protocol/heartbeat.ts";
import { StandingSchema } from "../../../../worker/protocol/standing.ts";
import type { Standing } from "../../../../worker/protocol/standing.ts";
import { exchange } from "../../exchange.ts";
import { firewallAdvice } from "../firewall.ts";
import { ok, problem, warning } from "../finding.ts";
import type { Check, DoctorFacts, Finding } from "../finding.ts";

const LIMIT_MS = 5_000;
const ABOUT = "Fleet";

export const membership: Check = async (facts) => {
	const standing = await ask(facts);
	if (!standing) return [];
	return [joining(facts, standing), ...doorSeen(facts, standing)];
};

/** Undefined when no router answers, of which another check tells. */
async function ask({ routerUrl, nodeId, secret, token }: DoctorFacts): Promise<Standing | undefined> {
	if (routerUrl === undefined) return undefined;
	const headers = {
		...(secret !== undefined && { authorization: `Bearer ${secret}` }),
		...(token !== undefined && { [JOIN_TOKEN_HEADER]: token }),
	};
	try {
		const url = `${routerUrl}/fleet/nodes/${encodeURIComponent(nodeId)}/standing`;
		const { text } = await exchange(url, { headers, signal: AbortSignal.timeout(LIMIT_MS) });
		return StandingSchema.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}

function joining(facts: DoctorFacts, { token, secret, node }: Standing): Finding {
	const { nodeId } = facts;
	if (node?.status === "pending")
		return problem(ABOUT, `"${nodeId}" waits for approval`, `On the router's machine: herd nodes approve ${nodeId}, or click on the page`);
	if (secret === "accepted") return serving(facts, node);
	if (token === "refused")
		return problem(ABOUT, "The router does not accept this join token", "It is in the file join-token in the router's data folder");
	if (token === "accepted") return ok(ABOUT, `The join token is right; "${nodeId}" joins when its agent starts`);
	if (secret === "refused")
		return problem(
			ABOUT,
			"The router no longer knows this machine's secret",
			"Start the agent with --token, or approve it again at the router",
		);
	return warning(ABOUT, "Neither a token nor a secret is here: the agent will wait for approval", "Start it with --token to be in at once");
}

function serving({ nodeId, program }: DoctorFacts, node: Standing["node"]): Finding {
	const against = node?.blocked_by ?? [];
	if (against.length === 0) return ok(ABOUT, `"${nodeId}" is ${node?.status ?? "known"} and takes work`);
	const advice: Readonly<Record<string, string>> = {
		offline: `Start the agent: ${program} run, or ${program} install`,
		draining: `${program} resume here, or herd nodes resume ${nodeId} at the router`,
	};
	return warning(
		ABOUT,
		`"${nodeId}" takes no work now: ${against.join(", ")}`,
		advice[against[0] ?? ""] ?? "The other lines here may say why",
	);
}

/** Only the router can tell: a firewall lets this machine reach itself. */
function doorSeen({ nodeId }: DoctorFacts, { node }: Standing): Finding[] {
	if (!node || node.status === "offline" || node.status === "pending" || node.door_url === undefined) return [];
	if (node.door_reachable) return [ok("Door", `The router reaches it at ${node.door_url}`)];
	const { port } = new URL(node.door_url);
	return [problem("Door", `The router can't reach ${node.door_url} of "${nodeId}"`, firewallAdvice(process.platform, port || "80"))];
}
