/** `herd explain MODEL`: where a request would go now, and why. */
import { type Command, Option } from "commander";
import { ExplanationSchema } from "../worker/protocol/decision.ts";
import { askRouter } from "./ask-router.ts";
import { explanationLines } from "./explanation-lines.ts";
import type { Flags } from "./launcher-settings.ts";

interface Wish {
	readonly promptTokens: string;
	readonly numCtx?: string;
	readonly class: string;
	readonly api?: string;
	readonly json?: boolean;
}

export function addExplainCommand(program: Command): void {
	program
		.command("explain <model>")
		.description("where a request for a model would go now, and why; nothing is sent")
		.option("--prompt-tokens <number>", "length of the prompt", "500")
		.option("--num-ctx <number>", "context asked for")
		.addOption(new Option("--class <class>", "kind of request").choices(["interactive", "agent", "batch"]).default("interactive"))
		.option("--api <path>", "route the request would come by (default: /api/chat)")
		.option("--json", "the router's whole answer")
		.action((model: string, wish: Wish) => explain(program.opts<Flags>(), model, wish));
}

async function explain(flags: Flags, model: string, { promptTokens, numCtx, class: requestClass, api, json }: Wish): Promise<void> {
	const query = new URLSearchParams({ model, prompt_tokens: promptTokens, class: requestClass });
	if (numCtx !== undefined) query.set("num_ctx", numCtx);
	if (api !== undefined) query.set("path", api);
	const answer = ExplanationSchema.parse(await askRouter(flags, { method: "GET", path: `/fleet/explain?${query}` }));
	const lines = json ? [JSON.stringify(answer, undefined, 2)] : explanationLines(answer);
	process.stdout.write(`${lines.join("\n")}\n`);
}
